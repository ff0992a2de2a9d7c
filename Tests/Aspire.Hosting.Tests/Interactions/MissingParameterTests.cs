using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Interactions;

public sealed class MissingParameterTests
{
    private readonly CancellationToken _deadline = Wait.Deadline(120);

    [Fact]
    public async Task A_missing_value_is_asked_for_and_dependents_wait_for_it()
    {
        var builder = CreateBuilder();
        builder.AddParameter("greeting");
        var key = builder.AddParameter("key", secret: true)
            .WithCustomInput(parameter => new() { Name = parameter.Name, InputType = InputType.SecretText, Required = true, Label = "API key" });
        builder.AddExecutable("user", "/bin/sh", "/", "-c", "echo \"got $KEY\"; sleep 600").WithEnvironment("KEY", key);
        await using var app = builder.Build();
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        var feed = app.Services.GetRequiredService<InteractionFeed>();
        var starting = app.StartAsync(_deadline);

        await notifications.WaitForResourceAsync("key", KnownResourceStates.ValueMissing, _deadline);
        var notification = await NextAsync(feed, InteractionKind.Notification);
        Assert.False(await IsRunningAsync(notifications));
        await feed.CompleteAsync(notification.Id, new InteractionAnswer.Decision(true), _deadline);

        // What is required is not let go of; what is left empty is asked for again.
        var dialog = await NextAsync(feed, InteractionKind.Inputs);
        Assert.Equal(["greeting", "API key", "Save to user secrets"], dialog.Inputs!.Select(input => input.Label));
        Assert.False(await feed.CompleteAsync(dialog.Id, Values(("greeting", "hi")), _deadline));
        Assert.Single(dialog.Inputs!["key"].ValidationErrors);
        Assert.True(await feed.CompleteAsync(dialog.Id, Values(("greeting", ""), ("key", "s3cret")), _deadline));

        await notifications.WaitForResourceAsync("user", KnownResourceStates.Running, _deadline);
        await starting;
        Assert.True(notifications.TryGetCurrentState("key", out var state));
        var value = state.Snapshot.Properties.Single(property => property.Name == "Value");
        Assert.Equal(("s3cret", true), (value.Value, value.IsSensitive));
        Assert.NotEqual(notification.Id, (await NextAsync(feed, InteractionKind.Notification)).Id);
        await app.StopAsync(_deadline);
    }

    [Fact]
    public async Task A_missing_value_is_an_error_that_names_the_setting_where_nobody_can_be_asked()
    {
        var builder = CreateBuilder("ASPIRE_INTERACTIVITY_ENABLED=false");
        builder.AddExecutable("user", "/bin/sh", "/", "-c", "sleep 600").WithEnvironment("KEY", builder.AddParameter("key"));
        await using var app = builder.Build();
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        await app.StartAsync(_deadline);

        await notifications.WaitForResourceAsync("user", KnownResourceStates.FailedToStart, _deadline);
        Assert.True(notifications.TryGetCurrentState("key", out var state));
        Assert.Equal(KnownResourceStates.ValueMissing, state.Snapshot.State!.Text);
        Assert.Contains("Parameters:key", (string)state.Snapshot.Properties.Single(property => property.Name == "Value").Value!, StringComparison.Ordinal);
        await app.StopAsync(_deadline);
    }

    [Fact]
    public async Task A_value_that_cannot_be_found_fails_those_who_need_it_as_in_Microsofts_package()
    {
        var builder = CreateBuilder();
        var key = builder.AddParameter("key", () => throw new InvalidDataException("The vault is locked."));
        builder.AddExecutable("user", "/bin/sh", "/", "-c", "sleep 600").WithEnvironment("KEY", key);
        builder.AddExecutable("other", "/bin/sh", "/", "-c", "exec sleep 600");
        await using var app = builder.Build();
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        await app.StartAsync(_deadline);

        await notifications.WaitForResourceAsync("user", KnownResourceStates.FailedToStart, _deadline);
        await notifications.WaitForResourceAsync("other", KnownResourceStates.Running, _deadline);
        Assert.True(notifications.TryGetCurrentState("key", out var state));
        Assert.Equal("Error initializing parameter", state.Snapshot.State!.Text);
        Assert.Equal("The vault is locked.", state.Snapshot.Properties.Single(property => property.Name == "Value").Value);
        await app.StopAsync(_deadline);
    }

    [Fact]
    public async Task A_generated_password_is_among_the_parameters_as_in_Microsofts_package()
    {
        var builder = CreateBuilder();
        builder.AddPostgres("db").WithExplicitStart();
        await using var app = builder.Build();
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        await app.StartAsync(_deadline);

        await notifications.WaitForResourceAsync("db-password", KnownResourceStates.Running, _deadline);
        Assert.True(notifications.TryGetCurrentState("db-password", out var state));
        Assert.Equal(KnownResourceTypes.Parameter, state.Snapshot.ResourceType);
        Assert.True(state.Snapshot.Properties.Single(property => property.Name == "Value").IsSensitive);
        await app.StopAsync(_deadline);
    }

    [Fact]
    public async Task Commands_set_and_delete_a_value_and_those_who_wait_for_it_start()
    {
        using var folder = new TemporaryFolder();
        var secrets = Path.Combine(folder.Path, "secrets.json");
        var builder = CreateBuilder();
        builder.Services.AddSingleton(new UserSecretsManager(secrets));
        builder.AddParameter("other");
        var key = builder.AddParameter("key", secret: true);
        builder.AddExecutable("user", "/bin/sh", "/", "-c", "sleep 600").WithEnvironment("KEY", key);
        await using var app = builder.Build();
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        var starting = app.StartAsync(_deadline);
        await notifications.WaitForResourceAsync("key", KnownResourceStates.ValueMissing, _deadline);

        Assert.True((await RunAsync("set-parameter", ("Value", "s3cret"), ("SaveToUserSecrets", "true"))).Success);
        await notifications.WaitForResourceAsync("user", KnownResourceStates.Running, _deadline);
        await starting;
        Assert.Contains("s3cret", await File.ReadAllTextAsync(secrets, _deadline), StringComparison.Ordinal);
        Assert.Equal("s3cret", await key.Resource.GetValueAsync(_deadline));
        Assert.True((await RunAsync("set-parameter", ("Value", "another"))).Success);
        Assert.Equal("another", await key.Resource.GetValueAsync(_deadline));

        Assert.True((await RunAsync("delete-parameter", ("DeleteFromUserSecrets", "true"))).Success);
        await notifications.WaitForResourceAsync("key", KnownResourceStates.ValueMissing, _deadline);
        Assert.DoesNotContain("Parameters:key", await File.ReadAllTextAsync(secrets, _deadline), StringComparison.Ordinal);
        var waiting = key.Resource.GetValueAsync(_deadline).AsTask();
        Assert.False(waiting.IsCompleted);
        var refused = await RunAsync("set-parameter");
        Assert.Contains("'Value'", refused.Message, StringComparison.Ordinal);
        Assert.False((await RunAsync("delete-parameter")).Success);
        Assert.True((await RunAsync("set-parameter", ("Value", "third"))).Success);
        Assert.Equal("third", await waiting);
        await app.StopAsync(_deadline);

        Task<ExecuteCommandResult> RunAsync(string command, params (string Name, string Value)[] values) =>
            app.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(
                "key",
                command,
                new InteractionInputCollection([.. values.Select(value => new InteractionInput { Name = value.Name, InputType = InputType.Text, Value = value.Value })]),
                _deadline);
    }

    private static IDistributedApplicationBuilder CreateBuilder(params string[] settings) => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = [.. settings, "ASPNETCORE_URLS=http://127.0.0.1:0"],
        AssemblyName = typeof(MissingParameterTests).Assembly.GetName().Name,
    });

    private static InteractionAnswer.Values Values(params (string Name, string Value)[] values) =>
        new([.. values.Select(value => KeyValuePair.Create(value.Name, (string?)value.Value))], IsChange: false);

    private static async Task<bool> IsRunningAsync(ResourceNotificationService notifications)
    {
        await foreach (var change in notifications.WatchAsync())
        {
            if (change.Resource.Name == "user")
            {
                return change.Snapshot.State?.Text == KnownResourceStates.Running;
            }
        }

        return false;
    }

    private async Task<Interaction> NextAsync(InteractionFeed feed, InteractionKind kind)
    {
        await foreach (var interaction in feed.WatchAsync(_deadline))
        {
            if (interaction.Kind == kind && !interaction.IsOver)
            {
                return interaction;
            }
        }

        throw new OperationCanceledException();
    }
}
