using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hangfire.Server;

namespace Shop.Fulfilment.Jobs;

/// <summary>What can be seen of jobs from outside; meter and activity source <c>Shop.Fulfilment.Jobs</c>.</summary>
internal sealed class JobTelemetry : IServerFilter, IDisposable
{
    public const string Name = "Shop.Fulfilment.Jobs";

    private const string Item = "telemetry";

    private static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.005, 0.025, 0.1, 0.5, 1, 5, 10, 30, 60, 300] };

    private readonly ActivitySource _source = new(Name);
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;

    public JobTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _duration = meters.Create(Name).CreateHistogram<double>("shop.fulfilment.job.duration", "s", "How long jobs took, by job and outcome.", tags: null, Buckets);
    }

    public void OnPerforming(PerformingContext context)
    {
        Activity.Current = null;
        var span = _source.StartActivity($"job {context.BackgroundJob.Job.Type.Name}", ActivityKind.Internal);
        span?.SetTag("shop.fulfilment.job.id", context.BackgroundJob.Id);
        context.Items[Item] = (span, _time.GetTimestamp());
    }

    public void OnPerformed(PerformedContext context)
    {
        var (span, started) = ((Activity?, long))context.Items[Item];
        if (context.Exception is { } failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, (failure.InnerException ?? failure).Message);
        }

        span?.Dispose();
        _duration.Record(
            _time.GetElapsedTime(started).TotalSeconds,
            new KeyValuePair<string, object?>("job", context.BackgroundJob.Job.Type.Name),
            new KeyValuePair<string, object?>("outcome", context.Exception is null ? "succeeded" : "failed"));
    }

    public void Dispose() => _source.Dispose();
}
