using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Tests.Dcp;

internal static class DcpWaiting
{
    public static async Task<T> WaitForAsync<T>(this DcpClient client, string name, Func<T, bool> condition, CancellationToken deadline)
        where T : class, IDcpObject<T>
    {
        await foreach (var change in client.WatchAsync<T>(deadline))
        {
            if (!change.IsDeleted && change.Object.Metadata.Name == name && condition(change.Object))
            {
                return change.Object;
            }
        }

        throw new InvalidOperationException("A watch ends only by cancellation.");
    }

    public static async Task<DcpExecutable> RunAsync(this DcpClient client, DcpExecutable executable, string state, CancellationToken deadline)
    {
        await client.CreateAsync(executable, deadline);
        return await client.WaitForAsync<DcpExecutable>(executable.Metadata.Name, seen => seen.Status?.State == state, deadline);
    }

    public static async Task<IReadOnlyList<string>> ReadLinesAsync(
        this DcpClient client, DcpExecutable executable, DcpLogSource source, CancellationToken deadline)
    {
        var lines = new List<string>();
        await foreach (var line in client.ReadLogAsync(executable.Metadata.Name, source, follow: true, deadline))
        {
            lines.Add(line.Text);
        }

        return lines;
    }

    public static async Task UntilAsync(Func<bool> condition, CancellationToken deadline)
    {
        while (!condition())
        {
            await Task.Delay(20, deadline);
        }
    }
}
