using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Interactions;

/// <summary>
/// The open questions, whoever shows them: any number of dashboards and CLIs watch, each sees every question, and the first answer counts.
/// </summary>
internal sealed partial class InteractionFeed(IServiceProvider services, ILogger<InteractionFeed> logger)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Interaction> _open = [];
    private readonly HashSet<Channel<Interaction>> _watchers = [];

    /// <summary>
    /// The questions that are open now, then every one that is asked, changes or ends (<see cref="Interaction.IsOver"/>), until cancelled. A question may
    /// come several times without a change.
    /// </summary>
    public async IAsyncEnumerable<Interaction> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = Channel.CreateUnbounded<Interaction>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            _watchers.Add(changes);
            foreach (var interaction in _open.Values)
            {
                changes.Writer.TryWrite(interaction);
            }
        }

        try
        {
            await foreach (var interaction in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return interaction;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(changes);
            }
        }
    }

    /// <summary>Answers a question. One that is over, or that nobody asked, is passed over: two people may answer at the same time.</summary>
    /// <param name="id">The question's number.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Ends the check of a dialog's values, and leaves the dialog open.</param>
    /// <returns>Whether the question is over now. When it is not, the reasons are in its inputs, and watchers have been told.</returns>
    /// <exception cref="ArgumentException">The answer is of another kind than the question.</exception>
    public async Task<bool> CompleteAsync(int id, InteractionAnswer answer, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } interaction)
        {
            LogNotOpen(logger, id);
            return true;
        }

        switch (answer)
        {
            case InteractionAnswer.Dismissed:
                End(interaction, answer: null);
                return true;
            case InteractionAnswer.Decision when interaction.Kind is InteractionKind.MessageBox or InteractionKind.Notification:
                End(interaction, answer);
                return true;
            case InteractionAnswer.Values values when interaction.Inputs is not null:
                return await FillAsync(interaction, interaction.Inputs, values, cancellationToken);
            default:
                throw new ArgumentException($"The interaction {id} is of the kind {interaction.Kind}, which cannot be answered like this.", nameof(answer));
        }
    }

    /// <summary>Shows a question to all who watch, until it is answered, closed or taken back.</summary>
    /// <returns>The answer; null when there is none.</returns>
    public async Task<InteractionAnswer?> AskAsync(Interaction interaction, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _open.Add(interaction.Id, interaction);
            Tell(interaction);
        }

        await using var withdrawal = cancellationToken.Register(() => End(interaction, answer: null));
        return await interaction.Completion.Task;
    }

    /// <summary>Shows a question as it is now, unless it is over.</summary>
    public void Refresh(Interaction interaction)
    {
        lock (_lock)
        {
            if (_open.ContainsKey(interaction.Id))
            {
                Tell(interaction);
            }
        }
    }

    private async Task<bool> FillAsync(
        Interaction interaction, InteractionInputCollection inputs, InteractionAnswer.Values values, CancellationToken cancellationToken)
    {
        await interaction.Checking.WaitAsync(cancellationToken);
        try
        {
            if (interaction.IsOver)
            {
                return true;
            }

            var changed = Take(inputs, values.Inputs);
            if (values.IsChange)
            {
                foreach (var input in inputs.Where(input => input.Loading is { } loading && changed.Exists(loading.DependsOn)))
                {
                    input.Loading!.Start();
                }
            }
            else if (await IsValidAsync(interaction, inputs, cancellationToken))
            {
                End(interaction, values);
                return true;
            }

            Refresh(interaction);
            return interaction.IsOver;
        }
        finally
        {
            interaction.Checking.Release();
        }
    }

    private async Task<bool> IsValidAsync(Interaction interaction, InteractionInputCollection inputs, CancellationToken cancellationToken)
    {
        try
        {
            return await InputValidation.CheckAsync(
                inputs, (interaction.Options as InputsDialogInteractionOptions)?.ValidationCallback, services, cancellationToken);
        }
#pragma warning disable CA1031 // The check is the author's: who fills in the dialog sees that it failed, and everything else goes on.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogCheckFailed(logger, exception, interaction.Title);
            if (inputs.Count == 0)
            {
                return false;
            }

            inputs[0].ValidationErrors.Add($"The values could not be checked: {exception.Message}");
            return false;
        }
    }

    /// <summary>Puts the values into the fields.</summary>
    /// <returns>The names of the fields that have another value now.</returns>
    private static List<string> Take(InteractionInputCollection inputs, IReadOnlyList<KeyValuePair<string, string?>> values)
    {
        var changed = new List<string>();
        foreach (var (name, sent) in values)
        {
            if (!inputs.TryGetByName(name, out var input) || input.Disabled)
            {
                continue;
            }

            // A box that nobody ticked says nothing, which means no.
            var value = input.InputType == InputType.Boolean && string.IsNullOrEmpty(sent) ? "false" : sent;
            if ((input.Value ?? string.Empty) != (value ?? string.Empty))
            {
                input.Value = value;
                changed.Add(input.Name);
            }
        }

        return changed;
    }

    private Interaction? Find(int id)
    {
        lock (_lock)
        {
            return _open.GetValueOrDefault(id);
        }
    }

    private void End(Interaction interaction, InteractionAnswer? answer)
    {
        lock (_lock)
        {
            if (_open.Remove(interaction.Id))
            {
                interaction.Completion.SetResult(answer);
                Tell(interaction);
            }
        }
    }

    private void Tell(Interaction interaction)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Writer.TryWrite(interaction);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The interaction {InteractionId} was answered, but it is not open.")]
    private static partial void LogNotOpen(ILogger logger, int interactionId);

    [LoggerMessage(LogLevel.Error, "The values of the dialog '{Title}' could not be checked.")]
    private static partial void LogCheckFailed(ILogger logger, Exception exception, string title);
}
