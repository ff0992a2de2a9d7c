using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Interactions;

/// <summary>Fills a field of a dialog. A new start ends the one under way; the callback never runs twice at the same time.</summary>
internal sealed partial class InputLoading(
    InteractionInput input,
    InteractionInputCollection all,
    IServiceProvider services,
    ILogger logger,
    Action changed,
    CancellationToken dialogOver)
{
    private readonly Lock _lock = new();
    private Task _current = Task.CompletedTask;
    private CancellationTokenSource? _cancellation;

    /// <summary>Whether the field is being filled.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Whether the field is filled when the dialog opens.</summary>
    public bool OnStart => input.DynamicLoading is { AlwaysLoadOnStart: true } or { DependsOnInputs: null or { Count: 0 } };

    public bool DependsOn(string name)
        => input.DynamicLoading?.DependsOnInputs?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;

    public void Start()
    {
        lock (_lock)
        {
            _cancellation?.Cancel();
            var cancellation = CancellationTokenSource.CreateLinkedTokenSource(dialogOver);
            _cancellation = cancellation;
            IsUnderWay = true;
            var previous = _current;
            _current = Task.Run(() => LoadAsync(previous, cancellation), CancellationToken.None);
        }
    }

    private async Task LoadAsync(Task previous, CancellationTokenSource cancellation)
    {
        await previous;
        if (!cancellation.IsCancellationRequested)
        {
            await CallAsync(cancellation.Token);
        }

        lock (_lock)
        {
            if (_cancellation != cancellation)
            {
                cancellation.Dispose();
                return;
            }

            _cancellation = null;
            IsUnderWay = false;
            cancellation.Dispose();
            if (dialogOver.IsCancellationRequested)
            {
                return;
            }
        }

        DropValueThatIsNoChoice();
        changed();
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        try
        {
            await input.DynamicLoading!.LoadCallback(new LoadInputContext
            {
                Input = input,
                AllInputs = all,
                Services = services,
                CancellationToken = cancellationToken,
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // The callback is the author's: a dialog with a field that cannot be filled can still be closed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, input.Name);
        }
    }

    private void DropValueThatIsNoChoice()
    {
        if (input is { InputType: InputType.Choice, AllowCustomChoice: false, Value.Length: > 0 }
            && input.Options?.Any(option => option.Key == input.Value) != true)
        {
            input.Value = null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The input {Name} of a dialog could not be filled.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string name);
}
