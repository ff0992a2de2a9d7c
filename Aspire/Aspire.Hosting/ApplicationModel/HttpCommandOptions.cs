namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command that sends an HTTP request looks, and what it sends.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>The method; POST when null.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>The client of <see cref="IHttpClientFactory"/> that sends it; the default one, without a time limit, when null.</summary>
    public string? HttpClientName { get; set; }

    /// <summary>Changes the request before it is sent.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    /// <summary>Makes the command's result from the answer; the status decides when null.</summary>
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }

    /// <summary>What becomes of the answer's body, where <see cref="GetCommandResult"/> is null.</summary>
    public HttpCommandResultMode ResultMode { get; set; }
}
