using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class ConnectionStrings
{
    [Fact]
    public async Task From_the_configuration_reach_the_process_under_their_name_or_the_variable_of_the_author()
    {
        var builder = RunningApplication.CreateBuilder("--ConnectionStrings:books=Host=db1;Password={{x}}", "--ConnectionStrings:search=http://search");
        var books = builder.AddConnectionString("books");
        var search = builder.AddConnectionString("search", "SEARCH_URL");
        var printer = builder.AddPrinter("printer", "ConnectionStrings__books", "SEARCH_URL", "ConnectionStrings__search", "OWN").WithReference(books).WithReference(search).WithEnvironment("OWN", books).WaitFor(books);
        await using var running = await RunningApplication.StartAsync(builder);

        Assert.Equal(["Host=db1;Password={{x}}", "http://search", "-", "Host=db1;Password={{x}}"], await Printed.ReadAsync(running, printer, 4));
        var shown = await running.WaitForAsync("books", KnownResourceStates.Running);
        Assert.True(shown.Properties.Single(property => property.Name == "Value").IsSensitive);
    }

    [Fact]
    public async Task That_are_missing_are_named_and_fail_those_who_refer_to_them_only()
    {
        var builder = RunningApplication.CreateBuilder();
        var printer = builder.AddPrinter("printer", "ConnectionStrings__books").WithReference(builder.AddConnectionString("books"));
        var other = builder.AddPrinter("other", "HOME");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("printer", KnownResourceStates.FailedToStart);
        await running.WaitForAsync("other", KnownResourceStates.Running);
        await running.ReadLogAsync(printer.Resource, lines => lines.Any(line => line.Text.Contains("ConnectionStrings:books", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Put_together_from_parts_are_there_when_the_parts_have_started_as_in_Microsofts_package()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60").WithEndpoint(targetPort: 5432, name: "tcp", isProxied: true).WithExplicitStart();
        var password = builder.AddParameter("password", "a;b", secret: true);
        var books = builder.AddConnectionString("books", ReferenceExpression.Create($"Url={server.GetEndpoint("tcp")};Password={password}"));
        var piecewise = builder.AddConnectionString("piecewise", expression => expression.Append($"Password={password};Database=books"));
        var printer = builder.AddPrinter("printer", "ConnectionStrings__books", "ConnectionStrings__piecewise").WithReference(books).WithReference(piecewise).WaitFor(books);
        await using var running = RunningApplication.StartInBackground(builder);
        await running.WaitForAsync("server", KnownResourceStates.NotStarted);
        await running.WaitForAsync("books", KnownResourceStates.Waiting);

        Assert.True((await running.Commands.ExecuteCommandAsync("server", "start", DcpFixture.Deadline())).Success);

        await running.WaitForAsync("books", KnownResourceStates.Running);
        Assert.Equal([$"Url={server.GetEndpoint("tcp").Url};Password=a;b", "Password=a;b;Database=books"], await Printed.ReadAsync(running, printer, 2));
    }

    [Fact]
    public async Task Are_parameters_or_values_in_the_manifest_as_in_Microsofts_package()
    {
        var manifest = await PublishedManifest.OfAsync(builder =>
        {
            var given = builder.AddConnectionString("given");
            var made = builder.AddConnectionString("made", ReferenceExpression.Create($"Key={builder.AddParameter("key", secret: true)}"));
            builder.AddExecutable("reader", "true", ".").WithReference(given).WithReference(made, "other");
        });

        Assert.Equal(
            """{"type":"parameter.v0","connectionString":"{given.value}","value":"{given.inputs.value}","inputs":{"value":{"type":"string","secret":true}}}""",
            PublishedManifest.Text(manifest["given"]));
        Assert.Equal("""{"type":"value.v0","connectionString":"Key={key.value}"}""", PublishedManifest.Text(manifest["made"]));
        Assert.Equal(
            """{"ConnectionStrings__given":"{given.connectionString}","ConnectionStrings__other":"{made.connectionString}"}""",
            PublishedManifest.Text(manifest["reader"]!["env"]));
    }

    [Fact]
    public async Task Of_servers_can_be_left_to_who_deploys()
    {
        var manifest = await PublishedManifest.OfAsync(builder =>
            ParameterResourceBuilderExtensions.ConfigureConnectionStringManifestPublisher(builder.AddRedis("cache")));

        Assert.Equal(
            """{"type":"parameter.v0","connectionString":"{cache.value}","value":"{cache.inputs.value}","inputs":{"value":{"type":"string","secret":true}}}""",
            PublishedManifest.Text(manifest["cache"]));
    }
}
