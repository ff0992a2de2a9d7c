using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Shop.Simulators.Carrier.Faults;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Simulators.Carrier.Shipments;

/// <summary>
/// Decides about shipments, one after the other, and answers only when what was decided is on the disk: for many at once it waits once. Questions wait in the
/// same line, so that nobody is told of what a crash could still undo.
/// </summary>
internal sealed partial class ShipmentDesk(
    IOptions<CarrierSettings> settings, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ShipmentDesk> logger) : BackgroundService
{
    private const int MostAtOnce = 256;

    private readonly Channel<Operation> _operations = Channel.CreateBounded<Operation>(10_000);
    private readonly Dictionary<string, Shipment> _shipments = new(StringComparer.Ordinal);
    private readonly List<Shipment> _unwritten = [];
    private Journal? _journal;

    /// <summary>Accepts or refuses a shipment, unless that was decided before.</summary>
    public Task<Shipment> HandOverAsync(string reference, double refusalRate) => RunAsync(() => _shipments.GetValueOrDefault(reference) ?? Decide(
        FaultSwitches.Happens(refusalRate)
            ? new Shipment(reference, ShipmentStatus.Refused, TrackingNumber: null, AcceptedAt: null)
            : new Shipment(reference, ShipmentStatus.Accepted, $"TR{Guid.CreateVersion7():N}".ToUpperInvariant(), time.GetUtcNow())));

    /// <summary>Gives a shipment back; one that was not handed over will not be accepted either. One on its way stays accepted.</summary>
    public Task<Shipment> WithdrawAsync(string reference, double onItsWayRate) => RunAsync(() => _shipments.GetValueOrDefault(reference) switch
    {
        null or { Status: ShipmentStatus.Refused } => Decide(new Shipment(reference, ShipmentStatus.Withdrawn, TrackingNumber: null, AcceptedAt: null)),
        { Status: ShipmentStatus.Accepted } accepted when !FaultSwitches.Happens(onItsWayRate) => Decide(accepted with { Status = ShipmentStatus.Withdrawn }),
        var decided => decided,
    });

    public Task<Shipment?> FindAsync(string reference) => RunAsync(() => _shipments.GetValueOrDefault(reference));

    public Task<Shipment[]> AllAsync() => RunAsync(() => _shipments.Values.ToArray());

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(settings.Value.Folder);
        try
        {
            _journal = Journal.Open(folder, shipment => _shipments[shipment.Reference] = shipment);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidSettingsException([$"Journal__Folder is '{folder}'; its journal cannot be used: {failure.Message}"]);
        }

        return base.StartAsync(cancellationToken);
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

    private async Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _operations.Writer.WriteAsync(new Operation(
            () =>
            {
                var result = work();
                return () => done.TrySetResult(result);
            },
            failure => done.TrySetException(failure)));
        return await done.Task;
    }

    private Shipment Decide(Shipment shipment)
    {
        _unwritten.Add(shipment);
        return _shipments[shipment.Reference] = shipment;
    }

    private void RunSome()
    {
        var (answers, open) = (new List<Action>(), new List<Operation>());
        try
        {
            while (answers.Count < MostAtOnce && _operations.Reader.TryRead(out var operation))
            {
                open.Add(operation);
                answers.Add(operation.Run());
            }

            if (_unwritten.Count > 0)
            {
                _journal!.Write(_unwritten);
                _unwritten.Clear();
            }

            answers.ForEach(answer => answer());
        }
        catch (Exception failure)
        {
            // Memory is ahead of the disk: only a new start brings them together again.
            LogBroken(logger, failure);
            Environment.ExitCode = 1;
            _operations.Writer.TryComplete(failure);
            open.ForEach(operation => operation.Fail(failure));
            lifetime.StopApplication();
        }
    }

    private sealed record Operation(Func<Action> Run, Action<Exception> Fail);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal cannot be written; the simulator ends")]
    private static partial void LogBroken(ILogger logger, Exception failure);
}
