using Aspire.Hosting.Dashboard;
using Grpc.Core;
using Kind = Aspire.Hosting.Dashboard.Wire.WatchInteractionsResponseUpdate.KindOneofCase;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Interactions;

public sealed class InteractionTests
{
    private readonly CancellationToken _deadline = Wait.Deadline(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_confirmation_comes_back_with_the_button_that_was_pressed(bool agreed)
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);

        var answer = dashboard.Interactions.PromptConfirmationAsync("Drop it?", "All is **lost**.", new() { EnableMessageMarkdown = true }, _deadline);
        var box = await dialogs.NextAsync(Kind.MessageBox);
        Assert.Equal(("Drop it?", "All is **lost**.", true), (box.Title, box.Message, box.EnableMessageMarkdown));
        Assert.Equal((MessageIntent.Confirmation, true, false), ((MessageIntent)box.MessageBox.Intent, box.ShowSecondaryButton, box.ShowDismiss));
        await dialogs.SendAsync(new() { InteractionId = box.InteractionId, MessageBox = new() { Result = agreed } });

        Assert.Equal((false, agreed), ((await answer).Canceled, (await answer).Data));
        Assert.Equal(box.InteractionId, (await dialogs.NextAsync(Kind.Complete)).InteractionId);
    }

    [Fact]
    public async Task A_notification_that_is_closed_is_no_answer()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);

        var options = new NotificationInteractionOptions { Intent = MessageIntent.Warning, LinkText = "Why", LinkUrl = "https://example.org/why" };
        var answer = dashboard.Interactions.PromptNotificationAsync("Disk", "Nearly full", options, _deadline);
        var shown = await dialogs.NextAsync(Kind.Notification);
        Assert.Equal(("Why", "https://example.org/why"), (shown.Notification.LinkText, shown.Notification.LinkUrl));
        Assert.Equal(Wire.MessageIntent.Warning, shown.Notification.Intent);
        await dialogs.SendAsync(new() { InteractionId = shown.InteractionId, Complete = new() });

        Assert.True((await answer).Canceled);
    }

    [Fact]
    public async Task A_dialog_stays_open_with_what_is_wrong_at_each_field_until_all_is_right()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);

        var answer = dashboard.Interactions.PromptInputsAsync("Server", "Where?", [
            new() { Name = "host", InputType = InputType.Text, Required = true, MaxLength = 10 },
            new() { Name = "port", InputType = InputType.Number },
            new() { Name = "size", InputType = InputType.Choice, Options = [KeyValuePair.Create("s", "Small"), KeyValuePair.Create("l", "Large")] },
            new() { Name = "password", InputType = InputType.SecretText, Description = "Ask *Ann*.", EnableDescriptionMarkdown = true },
        ], cancellationToken: _deadline);
        var dialog = await dialogs.NextAsync(Kind.InputsDialog);
        Assert.Equal("Large", dialog.InputsDialog.InputItems[2].Options["l"]);
        Assert.Equal(Wire.InputType.SecretText, dialog.InputsDialog.InputItems[3].InputType);

        await dialogs.FillAsync(dialog, isChange: false, ("host", "  "), ("port", "many"), ("size", "m"), ("password", "x"));
        dialog = await dialogs.NextAsync(Kind.InputsDialog);
        Assert.Equal([1, 1, 1, 0], dialog.InputsDialog.InputItems.Select(input => input.ValidationErrors.Count));
        await dialogs.FillAsync(dialog, isChange: false, ("host", "far-too-long-a-name"), ("port", "1"), ("size", "l"), ("password", "x"));
        dialog = await dialogs.NextAsync(Kind.InputsDialog);
        Assert.Equal([1, 0, 0, 0], dialog.InputsDialog.InputItems.Select(input => input.ValidationErrors.Count));
        await dialogs.FillAsync(dialog, isChange: false, ("HOST", " db "), ("port", "5432"), ("size", "l"), ("password", "x"));

        var result = await answer;
        Assert.Equal("db", result.Data!["host"].Value);
        Assert.Equal(5432, result.Data.GetInt32("port"));
        await dialogs.NextAsync(Kind.Complete);
    }

    [Fact]
    public async Task The_authors_check_is_asked_when_each_value_is_valid_by_itself()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);
        var options = new InputsDialogInteractionOptions
        {
            ValidationCallback = context =>
            {
                if (context.Inputs.GetString("api_key") == "crash")
                {
                    throw new FormatException("Cannot read it.");
                }

                if (context.Inputs.GetString("api_key") != "right")
                {
                    context.AddValidationError("API_KEY", "Unknown key.");
                }

                return Task.CompletedTask;
            },
        };

        var answer = dashboard.Interactions.PromptInputAsync("Key", null, "API key:", "abc", options, _deadline);
        var dialog = await dialogs.NextAsync(Kind.InputsDialog);
        Assert.Equal(("api_key", "API key:", "abc", true), (
            dialog.InputsDialog.InputItems[0].Name, dialog.InputsDialog.InputItems[0].Label, dialog.InputsDialog.InputItems[0].Placeholder, dialog.InputsDialog.InputItems[0].Required));

        Assert.Equal("Unknown key.", Assert.Single((await SendAsync("wrong")).InputsDialog.InputItems[0].ValidationErrors));
        Assert.Contains("Cannot read it.", Assert.Single((await SendAsync("crash")).InputsDialog.InputItems[0].ValidationErrors), StringComparison.Ordinal);
        await dialogs.FillAsync(dialog, isChange: false, ("api_key", "right"));
        Assert.Equal("right", (await answer).Data!.Value);

        async Task<Wire.WatchInteractionsResponseUpdate> SendAsync(string key)
        {
            await dialogs.FillAsync(dialog, isChange: false, ("api_key", key));
            return await dialogs.NextAsync(Kind.InputsDialog);
        }
    }

    [Fact]
    public async Task The_choices_of_a_field_follow_the_field_that_it_depends_on()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);
        var release = new TaskCompletionSource();

        _ = dashboard.Interactions.PromptInputsAsync("Place", null, [
            new() { Name = "country", InputType = InputType.Text },
            new()
            {
                Name = "city",
                InputType = InputType.Choice,
                Value = "gone",
                DynamicLoading = new()
                {
                    DependsOnInputs = ["Country"],
                    LoadCallback = async context =>
                    {
                        await release.Task.WaitAsync(context.CancellationToken);
                        var country = context.AllInputs.GetString("country")!;
                        context.Input.Options = [KeyValuePair.Create(country + "-1", "First of " + country)];
                    },
                },
            },
        ], cancellationToken: _deadline);
        var dialog = await dialogs.NextAsync(Kind.InputsDialog);
        Assert.Equal([true, false], dialog.InputsDialog.InputItems.Select(input => input.UpdateStateOnChange));
        Assert.False(dialog.InputsDialog.InputItems[1].Loading);

        // The second change overtakes the first, which never gets to an end.
        await dialogs.FillAsync(dialog, isChange: true, ("country", "de"), ("city", "gone"));
        Assert.True((await dialogs.NextAsync(Kind.InputsDialog)).InputsDialog.InputItems[1].Loading);
        await dialogs.FillAsync(dialog, isChange: true, ("country", "nl"), ("city", "gone"));
        await dialogs.NextAsync(update => update.InputsDialog is { } shown && shown.InputItems[0].Value == "nl");
        release.SetResult();

        var city = (await dialogs.NextAsync(update => update.InputsDialog is { } shown && !shown.InputItems[1].Loading)).InputsDialog.InputItems[1];
        Assert.Equal(("nl-1", "First of nl"), (Assert.Single(city.Options).Key, city.Options["nl-1"]));
        Assert.Empty(city.Value);
    }

    [Fact]
    public async Task A_question_that_is_taken_back_disappears()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);
        using var takeBack = new CancellationTokenSource();

        var answer = dashboard.Interactions.PromptMessageBoxAsync("Wait", "Please", cancellationToken: takeBack.Token);
        var box = await dialogs.NextAsync(Kind.MessageBox);
        await takeBack.CancelAsync();

        Assert.True((await answer).Canceled);
        Assert.Equal(box.InteractionId, (await dialogs.NextAsync(Kind.Complete)).InteractionId);
    }

    [Fact]
    public async Task Every_dashboard_sees_every_open_question_and_the_first_answer_counts()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        var first = dashboard.Interactions.PromptConfirmationAsync("First", "?", cancellationToken: _deadline);
        var second = dashboard.Interactions.PromptConfirmationAsync("Second", "?", cancellationToken: _deadline);

        using (var lost = DashboardDialogs.Open(dashboard, _deadline))
        {
            Assert.Equal("First", (await lost.NextAsync(Kind.MessageBox)).Title);
        }

        using var one = DashboardDialogs.Open(dashboard, _deadline);
        using var other = DashboardDialogs.Open(dashboard, _deadline);
        var shown = await one.NextAsync(update => update.Title == "First");
        await other.NextAsync(update => update.Title == "Second");
        await one.SendAsync(new() { InteractionId = shown.InteractionId, MessageBox = new() { Result = true } });
        Assert.Equal(shown.InteractionId, (await other.NextAsync(Kind.Complete)).InteractionId);
        await other.SendAsync(new() { InteractionId = shown.InteractionId, MessageBox = new() { Result = false } });

        Assert.True((await first).Data);
        Assert.False(second.IsCompleted);
        await other.SendAsync(new() { InteractionId = (await one.NextAsync(update => update.Title == "Second")).InteractionId, MessageBox = new() { Result = false } });
        Assert.False((await second).Data);
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_the_question_is_refused_and_the_question_stays()
    {
        await using var dashboard = await DashboardUnderTest.StartServiceAsync();
        var answer = dashboard.Interactions.PromptConfirmationAsync("Sure", "?", cancellationToken: _deadline);
        using (var garbage = DashboardDialogs.Open(dashboard, _deadline))
        {
            var asked = await garbage.NextAsync(Kind.MessageBox);
            await garbage.SendAsync(new() { InteractionId = int.MaxValue, MessageBox = new() { Result = true } });
            await garbage.FillAsync(asked, isChange: false, ("a", "b"));
            var refusal = await Assert.ThrowsAsync<RpcException>(() => garbage.NextAsync(_ => false));
            Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        }

        Assert.False(answer.IsCompleted);
        using var dialogs = DashboardDialogs.Open(dashboard, _deadline);
        Assert.Equal("Sure", (await dialogs.NextAsync(Kind.MessageBox)).Title);
    }

    [Fact]
    public async Task Nobody_is_asked_where_the_setting_forbids_it()
    {
        await using var dashboard = DashboardUnderTest.Create(("ASPIRE_INTERACTIVITY_ENABLED", "false"));

        Assert.False(dashboard.Interactions.IsAvailable);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => dashboard.Interactions.PromptMessageBoxAsync("a", "b"));
        Assert.Contains("ASPIRE_INTERACTIVITY_ENABLED", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_two_inputs_of_one_name_and_an_input_that_depends_on_a_later_one()
    {
        await using var dashboard = DashboardUnderTest.Create();
        InteractionInput a = new() { Name = "a", InputType = InputType.Text };
        InteractionInput b = new()
        {
            Name = "b",
            InputType = InputType.Text,
            DynamicLoading = new() { DependsOnInputs = ["a"], LoadCallback = _ => Task.CompletedTask },
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => dashboard.Interactions.PromptInputsAsync("t", null, [a, new() { Name = "A", InputType = InputType.Text }]));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => dashboard.Interactions.PromptInputsAsync("t", null, [b, a]));
        Assert.Contains("'b' depends on 'a'", refusal.Message, StringComparison.Ordinal);
    }
}
