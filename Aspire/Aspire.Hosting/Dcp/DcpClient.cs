using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Aspire.Hosting.Dcp;

/// <summary>Speaks DCP's HTTP API. Safe for use by many tasks at once.</summary>
/// <remarks>
/// A plain HTTP client: the part of the Kubernetes protocol in use is small, and a Kubernetes client costs the AppHost several hundred
/// milliseconds at its first call.
/// </remarks>
internal sealed class DcpClient : IDisposable
{
    public const string ApiVersion = "usvc-dev.developer.microsoft.com/v1";

    // DCP compares the header literally; with a charset parameter it answers 415 or ignores the patch.
    private static readonly MediaTypeHeaderValue MergePatch = new("application/merge-patch+json");
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http;

    public DcpClient(DcpConnection connection)
    {
        var pinned = connection.Certificate.RawDataMemory;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null && certificate.GetRawCertData().AsSpan().SequenceEqual(pinned.Span),
            },
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = connection.Address,
            // Watches and logs stay open; requests are bounded by their tokens.
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", connection.Token);
    }

    public Task<T> CreateAsync<T>(T item, CancellationToken cancellationToken)
        where T : class, IDcpObject<T> =>
        SendAsync(HttpMethod.Post, Collection<T>(), Content(item, T.TypeInfo, Json), T.TypeInfo, cancellationToken);

    public Task<T> GetAsync<T>(string name, CancellationToken cancellationToken)
        where T : class, IDcpObject<T> =>
        SendAsync(HttpMethod.Get, Item<T>(name), content: null, T.TypeInfo, cancellationToken);

    /// <summary>Reads one object; null when there is none of that name.</summary>
    public async Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : class, IDcpObject<T>
    {
        try
        {
            return await GetAsync<T>(name, cancellationToken);
        }
        catch (DcpException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken cancellationToken)
        where T : class, IDcpObject<T> =>
        (await SendAsync(HttpMethod.Get, Collection<T>(), content: null, T.ListTypeInfo, cancellationToken)).Items;

    /// <summary>Asks for deletion. DCP stops an executable's process first, so the object may outlive this call; a missing one is fine.</summary>
    public async Task DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : class, IDcpObject<T>
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Item<T>(name));
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await ThrowIfRefusedAsync(request, response, cancellationToken);
        }
    }

    public Task<DcpExecutable> PatchAsync(string name, DcpExecutablePatchSpec change, CancellationToken cancellationToken) =>
        PatchAsync<DcpExecutable>(name, change, cancellationToken);

    /// <summary>Starts or stops something that runs.</summary>
    public Task<T> PatchAsync<T>(string name, DcpExecutablePatchSpec change, CancellationToken cancellationToken)
        where T : class, IDcpWorkload<T> =>
        SendAsync(
            HttpMethod.Patch,
            Item<T>(name),
            Content(new DcpExecutablePatch(change), DcpJsonContext.Default.DcpExecutablePatch, MergePatch),
            T.TypeInfo,
            cancellationToken);

    /// <summary>Changes what is tunnelled; the list is the new one, not an addition.</summary>
    public Task<DcpTunnelProxy> PatchAsync(string name, IReadOnlyList<DcpTunnel> tunnels, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            Item<DcpTunnelProxy>(name),
            Content(new DcpTunnelProxyPatch(new DcpTunnelProxySpec(null, null, tunnels)), DcpJsonContext.Default.DcpTunnelProxyPatch, MergePatch),
            DcpTunnelProxy.TypeInfo,
            cancellationToken);

    /// <summary>
    /// Reports every object of the kind as it is now and each change after that, until cancelled. A broken connection is opened again;
    /// changes in between are reported as their result, and deletions are not missed.
    /// </summary>
    public async IAsyncEnumerable<DcpChange<T>> WatchAsync<T>([EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IDcpObject<T>
    {
        var known = new Dictionary<string, T>(StringComparer.Ordinal);
        while (true)
        {
            var changes = ReadChangesAsync(known, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (changes)
            {
                while (await MoveNextUnlessBrokenAsync(changes))
                {
                    yield return changes.Current;
                }
            }

            await Task.Delay(ReconnectDelay, cancellationToken);
        }
    }

    /// <summary>Reads an executable's log from its first line. A very long line comes in pieces of the same number.</summary>
    /// <param name="follow">True keeps reading until the executable has ended or the token is cancelled.</param>
    public IAsyncEnumerable<DcpLogLine> ReadLogAsync(string executable, DcpLogSource source, bool follow, CancellationToken cancellationToken) =>
        ReadLogAsync<DcpExecutable>(executable, source, follow, cancellationToken);

    /// <summary>Reads the log of something that runs from its first line.</summary>
    /// <inheritdoc cref="ReadLogAsync(string, DcpLogSource, bool, CancellationToken)" path="/param" />
    public async IAsyncEnumerable<DcpLogLine> ReadLogAsync<T>(
        string name,
        DcpLogSource source,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IDcpWorkload<T>
    {
        var stream = source switch
        {
            DcpLogSource.StandardOutput => "stdout",
            DcpLogSource.StandardError => "stderr",
            DcpLogSource.StartupStandardOutput => "startup_stdout",
            DcpLogSource.StartupStandardError => "startup_stderr",
            _ => "system",
        };
        var address = $"{Item<T>(name)}/log?source={stream}&follow={(follow ? "true" : "false")}&timestamps=true&line_numbers=true";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ThrowIfRefusedAsync(request, response, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var pieces = new BoundedLineReader(reader);
        var line = default(DcpLogLine);
        while (await pieces.ReadAsync(cancellationToken) is var (text, isContinuation))
        {
            line = isContinuation ? line with { Text = text } : DcpLogLine.Parse(text);
            yield return line;
        }
    }

    /// <summary>What DCP is doing: <c>Running</c>, <c>CleaningResources</c>, <c>CleanupComplete</c> or <c>Stopping</c>.</summary>
    public async Task<string> GetExecutionStatusAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "/admin/execution", content: null, DcpJsonContext.Default.DcpExecution, cancellationToken)).Status;

    public async Task SetExecutionStatusAsync(string status, CancellationToken cancellationToken)
    {
        var content = Content(new DcpExecution(status), DcpJsonContext.Default.DcpExecution, MergePatch);
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/admin/execution") { Content = content };
        using var response = await _http.SendAsync(request, cancellationToken);
        await ThrowIfRefusedAsync(request, response, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static string Collection<T>()
        where T : class, IDcpObject<T> =>
        $"/apis/{ApiVersion}/{T.Plural}";

    private static string Item<T>(string name)
        where T : class, IDcpObject<T> =>
        $"{Collection<T>()}/{Uri.EscapeDataString(name)}";

    private static ByteArrayContent Content<T>(T value, JsonTypeInfo<T> type, MediaTypeHeaderValue mediaType)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = mediaType;
        return content;
    }

    private async Task<T> SendAsync<T>(
        HttpMethod method, string address, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        using var response = await _http.SendAsync(request, cancellationToken);
        await ThrowIfRefusedAsync(request, response, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(body, type, cancellationToken)
            ?? throw new DcpException($"DCP answered {method} {address} with nothing.");
    }

    private static async Task ThrowIfRefusedAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        string? message;
        try
        {
            message = JsonSerializer.Deserialize(body, DcpJsonContext.Default.DcpErrorStatus)?.Message;
        }
        catch (JsonException)
        {
            message = body;
        }

        throw new DcpException(
            $"DCP refused {request.Method} {request.RequestUri}: {(int)response.StatusCode} {message}".TrimEnd(),
            statusCode: response.StatusCode);
    }

    private static async ValueTask<bool> MoveNextUnlessBrokenAsync<T>(IAsyncEnumerator<DcpChange<T>> changes)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or DcpException)
        {
            return false;
        }
    }

    // One connection. The watch is opened first and sends what exists; the list after it tells what vanished while nothing was watched.
    private async IAsyncEnumerable<DcpChange<T>> ReadChangesAsync<T>(
        Dictionary<string, T> known, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IDcpObject<T>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Collection<T>() + "?watch=true");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ThrowIfRefusedAsync(request, response, cancellationToken);

        if (known.Count > 0)
        {
            var present = (await ListAsync<T>(cancellationToken)).Select(item => item.Metadata.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in known.Values.Where(item => !present.Contains(item.Metadata.Name)).ToList())
            {
                known.Remove(gone.Metadata.Name);
                yield return new DcpChange<T>(gone, IsDeleted: true);
            }
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var (type, item) = ParseEvent<T>(line);
            if (item is null)
            {
                continue;
            }

            var name = item.Metadata.Name;
            if (type == "DELETED")
            {
                if (known.Remove(name))
                {
                    yield return new DcpChange<T>(item, IsDeleted: true);
                }
            }
            else if (!known.TryGetValue(name, out var before) || before.Metadata.ResourceVersion != item.Metadata.ResourceVersion)
            {
                known[name] = item;
                yield return new DcpChange<T>(item, IsDeleted: false);
            }
        }
    }

    private static (string Type, T? Item) ParseEvent<T>(string line)
        where T : class, IDcpObject<T>
    {
        using var document = JsonDocument.Parse(line);
        var type = document.RootElement.GetProperty("type").GetString() ?? string.Empty;
        return type switch
        {
            "ADDED" or "MODIFIED" or "DELETED" => (type, document.RootElement.GetProperty("object").Deserialize(T.TypeInfo)),
            "ERROR" => throw new DcpException("DCP ended a watch: " + document.RootElement.GetProperty("object").GetRawText()),
            _ => (type, null),
        };
    }
}
