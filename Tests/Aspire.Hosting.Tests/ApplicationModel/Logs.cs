using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class Logs : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly ResourceLoggerService _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Hold_what_was_written_before_and_after_somebody_came()
    {
        _logs.Append("r", DateTimeOffset.UnixEpoch, "before", isError: false);
        var reading = ReadAsync("r", 2);
        _logs.GetLogger("r").LogError("after");
        var lines = await reading.WaitAsync(Deadline);
        Assert.Equal([1, 2], lines.Select(l => l.LineNumber));
        Assert.Equal("1970-01-01T00:00:00.0000000Z before", lines[0].Content);
        Assert.EndsWith(" after", lines[1].Content, StringComparison.Ordinal);
        Assert.Equal([false, true], lines.Select(l => l.IsErrorMessage));
    }

    [Fact]
    public async Task Split_exceptions_into_lines()
    {
        _logs.GetLogger("r").LogInformation("first\nsecond");
        Assert.Equal(2, (await ReadAsync("r", 2).WaitAsync(Deadline)).Count);
    }

    [Fact]
    public async Task Tell_whether_anybody_reads_along()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var first = new CancellationTokenSource();
        var early = ReadUntilCancelledAsync("early", first.Token);
        await using var changes = _logs.WatchAnySubscribersAsync(deadline.Token).GetAsyncEnumerator();
        Assert.Equal(new LogSubscriber("early", true), await NextAsync());

        using var second = new CancellationTokenSource();
        var late = ReadUntilCancelledAsync("late", second.Token);
        Assert.Equal(new LogSubscriber("late", true), await NextAsync());
        await first.CancelAsync();
        Assert.Equal(new LogSubscriber("early", false), await NextAsync());
        await second.CancelAsync();
        Assert.Equal(new LogSubscriber("late", false), await NextAsync());
        await Task.WhenAll(early, late);

        async Task<LogSubscriber> NextAsync()
        {
            Assert.True(await changes.MoveNextAsync());
            return changes.Current;
        }
    }

    [Fact]
    public async Task End_when_they_are_complete()
    {
        _logs.Append("r", DateTimeOffset.UnixEpoch, "only", isError: false);
        var reading = ReadAsync("r", int.MaxValue);
        _logs.Complete("r");
        Assert.Single(await reading.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Keep_the_last_lines_when_there_are_too_many()
    {
        for (var i = 1; i <= 25_000; i++)
        {
            _logs.Append("r", DateTimeOffset.UnixEpoch, $"line {i}", isError: false);
        }

        var lines = new List<LogLine>();
        await foreach (var batch in _logs.GetAllAsync("r"))
        {
            lines.AddRange(batch);
        }

        Assert.Equal(10_000, lines.Count);
        Assert.Equal(25_000, lines[^1].LineNumber);
    }

    private async Task ReadUntilCancelledAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in _logs.WatchAsync(name).WithCancellation(cancellationToken))
            {
                Assert.NotEmpty(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader leaves.
        }
    }

    private async Task<List<LogLine>> ReadAsync(string name, int count)
    {
        var lines = new List<LogLine>();
        await foreach (var batch in _logs.WatchAsync(name))
        {
            lines.AddRange(batch);
            if (lines.Count >= count)
            {
                break;
            }
        }

        return lines;
    }
}
