using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Interactions;
using Aspire.Hosting.Tests.Dcp;
using Google.Protobuf.WellKnownTypes;
using Kind = Aspire.Hosting.Dashboard.Wire.WatchInteractionsResponseUpdate.KindOneofCase;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Tests.Commands;

public sealed class CommandArgumentTests
{
    private readonly CancellationToken _deadline = DcpFixture.Deadline();
    private int _runs;

    [Fact]
    public async Task A_command_runs_with_the_values_that_it_was_given_and_the_defaults_of_the_others()
    {
        await using var dashboard = await StartAsync();

        var moved = await dashboard.Client().ExecuteResourceCommandAsync(Request(("TOWN", Value.ForString(" Rome ")), ("days", Value.ForNumber(2.5))), dashboard.Call(_deadline));

        Assert.Equal((Wire.ResourceCommandResponseKind.Succeeded, "Rome/2.5/train"), (moved.Kind, moved.Message));
        var again = await dashboard.Client().ExecuteResourceCommandAsync(Request(("town", Value.ForString("Oslo")), ("days", Value.ForNumber(1))), dashboard.Call(_deadline));
        Assert.Equal("Oslo/1/train", again.Message);
    }

    [Theory]
    [InlineData("town", "", "town")]
    [InlineData("days", "many", "days")]
    [InlineData("means", "rocket", "means")]
    [InlineData("fixed", "another", "fixed")]
    [InlineData("colour", "red", "colour")]
    [InlineData("town", "Atlantis", "It has sunk.")]
    public async Task A_command_is_not_run_with_a_missing_wrong_or_unknown_argument_which_the_message_names(string name, string value, string named)
    {
        await using var dashboard = await StartAsync();
        var request = Request(("town", Value.ForString("Rome")));
        request.Arguments[name] = Value.ForString(value);

        var refused = await dashboard.Client().ExecuteResourceCommandAsync(request, dashboard.Call(_deadline));

        Assert.Equal(Wire.ResourceCommandResponseKind.InvalidArguments, refused.Kind);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _runs);
    }

    [Fact]
    public async Task A_command_that_takes_nothing_refuses_an_argument()
    {
        await using var dashboard = await StartAsync();
        var request = Request(("town", Value.ForString("Rome")));
        request.CommandName = "stay";

        var refused = await dashboard.Client().ExecuteResourceCommandAsync(request, dashboard.Call(_deadline));

        Assert.Equal(Wire.ResourceCommandResponseKind.InvalidArguments, refused.Kind);
        Assert.Contains("'town'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_is_told_what_a_command_takes_and_gets_a_dialog_where_it_gives_nothing()
    {
        await using var dashboard = await StartAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);
        var (shown, _) = await dashboard.WatchAsync(_deadline);
        Assert.Equal(["town", "days", "means", "fixed"], shown.Single().Commands[0].ArgumentInputs.Select(input => input.Name));

        var moved = dashboard.Client().ExecuteResourceCommandAsync(Request(), dashboard.Call(_deadline));
        var dialog = await dialogs.NextAsync(Kind.InputsDialog);
        Assert.Equal(("Move", "Goes to a town."), (dialog.Title, dialog.Message));
        await dialogs.FillAsync(dialog, isChange: false, ("town", "Atlantis"), ("days", "3"), ("means", "boat"), ("fixed", "so"));
        dialog = await dialogs.NextAsync(Kind.InputsDialog);
        Assert.Equal(["It has sunk."], dialog.InputsDialog.InputItems[0].ValidationErrors);
        await dialogs.FillAsync(dialog, isChange: false, ("town", "Rome"), ("days", "3"), ("means", "boat"), ("fixed", "so"));

        Assert.Equal("Rome/3/boat", (await moved).Message);
    }

    [Fact]
    public async Task Closing_the_dialog_calls_the_command_off()
    {
        await using var dashboard = await StartAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);

        var moved = dashboard.Client().ExecuteResourceCommandAsync(Request(), dashboard.Call(_deadline));
        var dialog = await dialogs.NextAsync(Kind.InputsDialog);
        await dialogs.SendAsync(new() { InteractionId = dialog.InteractionId, Complete = new() });

        Assert.Equal(Wire.ResourceCommandResponseKind.Cancelled, (await moved).Kind);
        Assert.Equal(0, _runs);
    }

    [Fact]
    public async Task Who_does_not_want_to_be_asked_hears_which_argument_is_missing()
    {
        await using var dashboard = await StartAsync();
        var request = Request();
        request.NonInteractive = true;

        var refused = await dashboard.Client().ExecuteResourceCommandAsync(request, dashboard.Call(_deadline));

        Assert.Equal(Wire.ResourceCommandResponseKind.InvalidArguments, refused.Kind);
        Assert.Contains("'town'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_can_be_filled_from_another()
    {
        var builder = RunningApplication.CreateBuilder();
        var worker = builder.AddExecutable("worker", "/bin/sleep", ".", "600").WithCommand(
            "pick",
            "Pick",
            context => Task.FromResult(CommandResults.Success(context.Arguments.GetString("street")!)),
            new CommandOptions
            {
                Arguments =
                [
                    new() { Name = "town", InputType = InputType.Text },
                    new()
                    {
                        Name = "street",
                        InputType = InputType.Choice,
                        Disabled = true,
                        DynamicLoading = new InputLoadOptions
                        {
                            DependsOnInputs = ["town"],
                            LoadCallback = loading =>
                            {
                                loading.Input.Disabled = false;
                                loading.Input.Options = [KeyValuePair.Create($"{loading.AllInputs["town"].Value} 1", "First")];
                                return Task.CompletedTask;
                            },
                        },
                    },
                ],
            });
        await using var running = await RunningApplication.StartAsync(builder);

        var picked = await running.Commands.ExecuteCommandAsync(worker.Resource, "pick", Given(("town", "Rome"), ("street", "Rome 1")), _deadline);
        Assert.Equal((true, "Rome 1"), (picked.Success, picked.Message));
        var refused = await running.Commands.ExecuteCommandAsync("worker", "pick", Given(("town", "Rome"), ("street", "Oslo 1")), _deadline);
        Assert.False(refused.Success);
        Assert.Contains("'street'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_arguments_of_a_command_cannot_have_one_name()
    {
        var worker = DistributedApplication.CreateBuilder().AddExecutable("worker", "/bin/true", ".");
        var options = new CommandOptions { Arguments = [new() { Name = "town", InputType = InputType.Text }, new() { Name = "Town", InputType = InputType.Text }] };

        var refused = Assert.Throws<InvalidOperationException>(() => worker.WithCommand("move", "Move", _ => Task.FromResult(CommandResults.Success()), options));

        Assert.Contains("'Town'", refused.Message, StringComparison.Ordinal);
    }

    private static InteractionInputCollection Given(params (string Name, string Value)[] values) =>
        new([.. values.Select(value => new InteractionInput { Name = value.Name, InputType = InputType.Text, Value = value.Value })]);

    private static Wire.ResourceCommandRequest Request(params (string Name, Value Value)[] arguments)
    {
        var request = new Wire.ResourceCommandRequest { ResourceName = "worker", CommandName = "move" };
        foreach (var (name, value) in arguments)
        {
            request.Arguments[name] = value;
        }

        return request;
    }

    private async Task<DashboardUnderTest> StartAsync()
    {
        var dashboard = await DashboardUnderTest.StartServiceAsync();
        var resource = DistributedApplication.CreateBuilder().AddExecutable("worker", "/bin/true", ".")
            .WithCommand(
                "move",
                "Move",
                context =>
                {
                    _runs++;
                    return Task.FromResult(CommandResults.Success(string.Join('/', context.Arguments.Take(3).Select(input => input.Value))));
                },
                new CommandOptions
                {
                    Description = "Goes to a town.",
                    Arguments =
                    [
                        new() { Name = "town", InputType = InputType.Text, Required = true },
                        new() { Name = "days", InputType = InputType.Number },
                        new() { Name = "means", InputType = InputType.Choice, Options = [KeyValuePair.Create("train", "By train"), KeyValuePair.Create("boat", "By boat")], Value = "train" },
                        new() { Name = "fixed", InputType = InputType.Text, Disabled = true, Required = true, Value = "so" },
                    ],
                    ValidateArguments = check =>
                    {
                        if (check.Inputs.GetString("town") == "Atlantis")
                        {
                            check.AddValidationError("town", "It has sunk.");
                        }

                        return Task.CompletedTask;
                    },
                })
            .WithCommand("stay", "Stay", _ => Task.FromResult(CommandResults.Success())).Resource;
        await dashboard.PublishAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Running }, _deadline);
        return dashboard;
    }
}
