using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Shop.Simulators.PaymentProvider.Callbacks;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>
/// Lets one after the other use the book, and answers only when what was done is on the disk: for many at once it waits once. Questions wait in the same
/// line, so that nobody is told of what a crash could still undo.
/// </summary>
internal sealed partial class Ledger(
    IOptions<LedgerSettings> settings, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Ledger> logger) : BackgroundService
{
    private const int MostAtOnce = 256;

    private readonly Channel<Operation> _operations = Channel.CreateBounded<Operation>(10_000);
    private readonly Channel<ChargeEvent> _events = Channel.CreateUnbounded<ChargeEvent>();
    private readonly Channel<string> _pending = Channel.CreateUnbounded<string>();
    private readonly Book _book = new(time);
    private Journal? _journal;

    /// <summary>What callbacks have to tell; each event once.</summary>
    public ChannelReader<ChargeEvent> Events => _events.Reader;

    /// <summary>Charges that have to be settled; each once.</summary>
    public ChannelReader<string> Pending => _pending.Reader;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(settings.Value.Folder);
        try
        {
            _journal = Journal.Open(folder, _book.Apply);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidSettingsException([$"Ledger__Folder is '{folder}'; its ledger cannot be used: {failure.Message}"]);
        }

        foreach (var told in _book.Undelivered)
        {
            _events.Writer.TryWrite(told);
        }

        foreach (var charge in _book.Pending)
        {
            _pending.Writer.TryWrite(charge);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <summary>Does something with the book.</summary>
    public async Task<T> RunAsync<T>(Func<Book, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _operations.Writer.WriteAsync(new Operation(
            book =>
            {
                try
                {
                    var result = work(book);
                    return () => done.TrySetResult(result);
                }
                catch (Exception failure)
                {
                    // The caller's alone: nothing is in the book before all has been looked at.
                    return () => done.TrySetException(failure);
                }
            },
            failure => done.TrySetException(failure)));
        return await done.Task;
    }

    public override void Dispose()
    {
        _journal?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _operations.Reader.WaitToReadAsync(stoppingToken))
            {
                RunSome();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _operations.Writer.TryComplete();
        }
    }

    private void RunSome()
    {
        var answers = new List<Action>();
        var open = new List<Operation>();
        try
        {
            while (answers.Count < MostAtOnce && _operations.Reader.TryRead(out var operation))
            {
                open.Add(operation);
                answers.Add(operation.Run(_book));
            }

            var entries = _book.TakeUnwritten();
            if (entries.Count > 0)
            {
                _journal!.Write(entries);
            }

            Announce(entries);
            answers.ForEach(answer => answer());
        }
        catch (Exception failure)
        {
            // The book is ahead of the disk: only a new start brings them together again.
            LogBroken(logger, failure);
            Environment.ExitCode = 1;
            _operations.Writer.TryComplete(failure);
            open.ForEach(operation => operation.Fail(failure));
            lifetime.StopApplication();
        }
    }

    private void Announce(IEnumerable<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.SettlesAs is not null)
            {
                _pending.Writer.TryWrite(entry.Charge!.Id);
            }

            if (entry.Kind != EntryKind.CallbackDelivered && entry.EventId is { } id && _book.FindEvent(id) is { } told)
            {
                _events.Writer.TryWrite(told);
            }
        }
    }

    private sealed record Operation(Func<Book, Action> Run, Action<Exception> Fail);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ledger cannot be written; the simulator ends")]
    private static partial void LogBroken(ILogger logger, Exception failure);
}
