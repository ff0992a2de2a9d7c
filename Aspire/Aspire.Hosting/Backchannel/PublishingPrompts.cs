using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Interactions;
using Aspire.Hosting.Pipelines;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// Puts the questions of steps to the CLI. It asks for each field in turn, with its choices as they are then, so a question is sent when its fields are
/// filled, and sent again only when its answer was refused.
/// </summary>
internal sealed class PublishingPrompts(InteractionFeed feed)
{
    // The name of the field that stands for the buttons of a message.
    private const string Confirmation = "confirm";

    private readonly ConcurrentDictionary<int, Interaction> _asked = new();

    /// <summary>The open questions and those to come, until cancelled.</summary>
    public async IAsyncEnumerable<PipelineActivity> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var interaction in feed.WatchAsync(cancellationToken))
        {
            var isLoading = interaction.Inputs?.Any(input => input.Loading is { IsUnderWay: true }) == true;
            if (!interaction.IsOver && !isLoading && _asked.TryAdd(interaction.Id, interaction))
            {
                yield return ToActivity(interaction);
            }
        }
    }

    /// <summary>Takes the answers to a question; to none that was asked, nothing happens.</summary>
    /// <param name="promptId">The question.</param>
    /// <param name="answers">The fields' values; null closes the question.</param>
    /// <param name="isChange">Whether the question stays open.</param>
    /// <param name="cancellationToken">Ends the check of the values.</param>
    public async Task AnswerAsync(string promptId, IReadOnlyList<PromptAnswer>? answers, bool isChange, CancellationToken cancellationToken)
    {
        if (!int.TryParse(promptId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !_asked.TryGetValue(id, out var interaction))
        {
            return;
        }

        if (!isChange)
        {
            _asked.TryRemove(id, out _);
        }

        await feed.CompleteAsync(id, AnswerTo(interaction, answers, isChange), cancellationToken);
    }

    private static InteractionAnswer AnswerTo(Interaction interaction, IReadOnlyList<PromptAnswer>? answers, bool isChange)
    {
        if (answers is null)
        {
            return new InteractionAnswer.Dismissed();
        }

        if (interaction.Inputs is null)
        {
            return new InteractionAnswer.Decision(answers is [{ Value: { } value }, ..] && bool.TryParse(value, out var isYes) && isYes);
        }

        var shown = Shown(interaction.Inputs);
        return new InteractionAnswer.Values(
            [.. answers.Take(shown.Count).Select((answer, index) => KeyValuePair.Create(answer.Name ?? shown[index].Name, answer.Value))], isChange);
    }

    private static PipelineActivity ToActivity(Interaction interaction) => new(PipelineActivity.Prompt, new PipelineActivityData
    {
        Id = interaction.Id.ToString(CultureInfo.InvariantCulture),
        StatusText = string.IsNullOrEmpty(interaction.Message) ? interaction.Title : interaction.Message,
        EnableMarkdown = interaction.Options.EnableMessageMarkdown == true,
        Inputs = interaction.Inputs is { Count: > 0 } inputs
            ? [.. Shown(inputs).Select(input => ToField(input, inputs))]
            : [new PromptInput(Confirmation, interaction.Options.PrimaryButtonText ?? "Go on", nameof(InputType.Boolean)) { Required = true }],
    });

    private static PromptInput ToField(InteractionInput input, InteractionInputCollection all) => new(input.Name, input.Label ?? input.Name, input.InputType.ToString())
    {
        Required = input.Required,
        Options = input.Options,
        Value = input.Value,
        ValidationErrors = [.. input.ValidationErrors],
        AllowCustomChoice = input.AllowCustomChoice,
        UpdateStateOnChange = all.Any(other => other.Loading?.DependsOn(input.Name) == true),
    };

    // The CLI would ask for the others too.
    private static List<InteractionInput> Shown(InteractionInputCollection inputs) => [.. inputs.Where(input => !input.Disabled)];
}
