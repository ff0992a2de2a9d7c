using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Trellis.Hosting.Testing;

/// <summary>
/// Receives the telemetry of an application's resources, and answers a test's questions about it. It listens from before the first resource starts
/// until the application is disposed; what has arrived can still be read then.
/// </summary>
/// <remarks>It speaks OTLP 1.x over gRPC and over HTTP with binary protobuf, both with gzip or without.</remarks>
public sealed class TelemetryReceiver
{
    private const int LinesInComplaint = 40;

    private readonly TelemetryReceiverOptions _options;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _senders = new(StringComparer.OrdinalIgnoreCase);
    private Uri? _grpc;
    private Uri? _http;

    internal TelemetryReceiver(TelemetryReceiverOptions options)
    {
        _options = options;
        Intake = new OtlpIntake(options.Capacity);
    }

    /// <summary>Where OTLP over gRPC is received.</summary>
    /// <exception cref="InvalidOperationException">The application has not been started.</exception>
    public Uri GrpcEndpoint => _grpc ?? throw NotStarted();

    /// <summary>Where OTLP over HTTP is received; the paths <c>v1/traces</c>, <c>v1/logs</c> and <c>v1/metrics</c> are below it.</summary>
    /// <exception cref="InvalidOperationException">The application has not been started.</exception>
    public Uri HttpEndpoint => _http ?? throw NotStarted();

    /// <summary>What senders have to put into the header <c>x-otlp-api-key</c>. Every receiver has a key of its own.</summary>
    public string ApiKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The spans that have arrived, in the order of their arrival.</summary>
    public IReadOnlyList<TelemetrySpan> Spans => Intake.Spans.Items;

    /// <summary>The spans that have arrived, by trace.</summary>
    public IReadOnlyList<TelemetryTrace> Traces =>
        [.. Spans.GroupBy(span => span.TraceId, StringComparer.Ordinal).Select(trace => new TelemetryTrace(trace.Key, trace))];

    /// <summary>The latest value of every series of every metric.</summary>
    public IReadOnlyList<TelemetryMetric> Metrics => Intake.Metrics.Items;

    /// <summary>The log records that have arrived, in the order of their arrival.</summary>
    public IReadOnlyList<TelemetryLog> Logs => Intake.Logs.Items;

    internal OtlpIntake Intake { get; }

    internal TelemetryReceiverOptions Options => _options;

    /// <summary>Waits for a span, which may have arrived already.</summary>
    /// <param name="condition">What has to hold of it. Asked again about the same spans, so it must have no effects.</param>
    /// <param name="timeout">How long to wait; <see cref="TelemetryReceiverOptions.DefaultTimeout"/> when left out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Filled in by the compiler, for the message.</param>
    /// <exception cref="TimeoutException">None came in time; the message says what did come.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the application disposed; the message says what has come.</exception>
    public Task<TelemetrySpan> WaitForSpanAsync(
        Func<TelemetrySpan, bool> condition,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        WaitAsync("span", () => Spans, condition, span => span.ToString(), () => Intake.Spans.Dropped, timeout, expression, cancellationToken);

    /// <summary>Waits until something holds of the spans of a trace that have arrived.</summary>
    /// <param name="condition">What has to hold. Asked again with every arrival: the spans of a trace come from several services, in any order.</param>
    /// <param name="timeout">How long to wait; <see cref="TelemetryReceiverOptions.DefaultTimeout"/> when left out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Filled in by the compiler, for the message.</param>
    /// <exception cref="TimeoutException">None came in time; the message says what did come.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the application disposed; the message says what has come.</exception>
    public Task<TelemetryTrace> WaitForTraceAsync(
        Func<TelemetryTrace, bool> condition,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        WaitAsync("trace", () => Traces, condition, trace => trace.ToString().TrimEnd(), () => Intake.Spans.Dropped, timeout, expression, cancellationToken);

    /// <summary>Waits for a value of a metric.</summary>
    /// <param name="condition">What has to hold of it. Asked again with every arrival.</param>
    /// <param name="timeout">How long to wait; <see cref="TelemetryReceiverOptions.DefaultTimeout"/> when left out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Filled in by the compiler, for the message.</param>
    /// <exception cref="TimeoutException">None came in time; the message says what did come.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the application disposed; the message says what has come.</exception>
    public Task<TelemetryMetric> WaitForMetricAsync(
        Func<TelemetryMetric, bool> condition,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        WaitAsync("metric", () => Metrics, condition, metric => metric.ToString(), () => Intake.Metrics.Dropped, timeout, expression, cancellationToken);

    /// <summary>Waits for a log record, which may have arrived already.</summary>
    /// <param name="condition">What has to hold of it. Asked again about the same records, so it must have no effects.</param>
    /// <param name="timeout">How long to wait; <see cref="TelemetryReceiverOptions.DefaultTimeout"/> when left out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Filled in by the compiler, for the message.</param>
    /// <exception cref="TimeoutException">None came in time; the message says what did come.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the application disposed; the message says what has come.</exception>
    public Task<TelemetryLog> WaitForLogAsync(
        Func<TelemetryLog, bool> condition,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        WaitAsync("log record", () => Logs, condition, log => log.ToString(), () => Intake.Logs.Dropped, timeout, expression, cancellationToken);

    /// <summary>Forgets all that has arrived, so that a test sees only what it causes itself.</summary>
    public void Clear()
    {
        Intake.Spans.Clear();
        Intake.Logs.Clear();
        Intake.Metrics.Clear();
    }

    internal void Open(Uri grpc, Uri http) => (_grpc, _http) = (grpc, http);

    internal void Expect(string sender)
    {
        lock (_senders)
        {
            _senders.Add(sender);
        }
    }

    internal bool WasGivenTo(string sender)
    {
        lock (_senders)
        {
            return _senders.Contains(sender);
        }
    }

    internal void Close() => _closed.TrySetResult();

    private async Task<T> WaitAsync<T>(
        string what,
        Func<IReadOnlyList<T>> read,
        Func<T, bool> condition,
        Func<T, string> describe,
        Func<long> dropped,
        TimeSpan? timeout,
        string expression,
        CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(condition);
        var patience = timeout ?? _options.DefaultTimeout;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(patience);
        while (true)
        {
            // Both taken before what is there is looked at, so that no arrival in between is missed.
            var isClosed = _closed.Task.IsCompleted;
            var change = Intake.Change;
            if (read().FirstOrDefault(condition) is { } found)
            {
                return found;
            }

            if (isClosed || over.IsCancellationRequested)
            {
                var reason = cancellationToken.IsCancellationRequested ? "before the waiting was cancelled"
                    : isClosed ? "before the application was disposed"
                    : string.Create(CultureInfo.InvariantCulture, $"within {patience.TotalSeconds:0.###} s");
                var message = Complaint($"No {what} came {reason} of which this holds: {expression}", what, [.. read().Select(describe)], dropped());
                throw isClosed || cancellationToken.IsCancellationRequested
                    ? new OperationCanceledException(message, cancellationToken)
                    : new TimeoutException(message);
            }

            await ((Task)Task.WhenAny(change, _closed.Task)).WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private string Complaint(string head, string what, string[] arrived, long dropped)
    {
        var text = new StringBuilder(head).AppendLine();
        if (_grpc is null)
        {
            text.AppendLine("The application has not been started.");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"What came ({arrived.Length}; {what}s, the latest last):");
        var lines = arrived.GroupBy(line => line, StringComparer.Ordinal).ToArray();
        if (lines.Length > LinesInComplaint)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  ... {lines.Length - LinesInComplaint} others");
        }

        foreach (var line in lines.TakeLast(LinesInComplaint))
        {
            text.Append("  ").Append(line.Key.ReplaceLineEndings($"{Environment.NewLine}  ")).AppendLine(line.Count() > 1 ? $" ({line.Count()} times)" : "");
        }

        if (Silent() is { Length: > 0 } silent)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Started to send here, but nothing has come from: {string.Join(", ", silent)}");
        }

        if (dropped > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{dropped} came earlier and had to make room ({nameof(TelemetryReceiverOptions.Capacity)}).");
        }

        if (Intake.Refused > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Intake.Refused} requests were refused, the last one because: {Intake.LastRefusal}");
        }

        return text.ToString();
    }

    private string[] Silent()
    {
        var heard = Spans.Select(span => span.Resource).Concat(Logs.Select(log => log.Resource)).Concat(Metrics.Select(metric => metric.Resource));
        lock (_senders)
        {
            return [.. _senders.Except(heard, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
        }
    }

    private static InvalidOperationException NotStarted() =>
        new("The receiver of telemetry does not listen yet: it starts with the application.");
}
