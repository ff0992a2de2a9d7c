using System.Net.Http.Json;
using System.Text.Json;

namespace Trellis.Gateway.Tests;

internal static class Answers
{
    public static async Task<Seen> SeenAsync(this HttpResponseMessage response)
    {
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<Seen>())!;
    }

    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, params int[] expectedStatuses)
    {
        Assert.Contains((int)response.StatusCode, expectedStatuses);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        return problem;
    }

    /// <summary>Asks again until the answer is yes; fails after twenty seconds.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within twenty seconds: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
