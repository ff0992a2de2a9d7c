using System.Text.Json;
using StreamJsonRpc;

namespace Aspire.Hosting.Backchannel;

/// <summary>Speaks JSON-RPC with one client. All that needs the library is here, so that it is loaded with the first client.</summary>
internal static class BackchannelRpc
{
    private static readonly JsonSerializerOptions CamelCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
    };

    private static readonly JsonSerializerOptions PascalCase = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Serves a client of the auxiliary socket until it goes away.</summary>
    public static async Task ServeAuxiliaryAsync(Stream stream, AppHostState state, CancellationToken cancellationToken)
    {
        var formatter = new SystemTextJsonFormatter { JsonSerializerOptions = CamelCase };
        await using var handler = new HeaderDelimitedMessageHandler(stream, formatter);
        await ServeAsync(handler, new AuxiliaryCalls(state), cancellationToken);
    }

    /// <summary>Serves the CLI that started the AppHost until it goes away.</summary>
    public static async Task ServeMainAsync(Stream stream, AppHostState state, MainCalls calls, CancellationToken cancellationToken)
    {
        await using var handler = new MainMessageHandler(stream, new SystemTextJsonFormatter { JsonSerializerOptions = PascalCase }, state.Stop);
        await ServeAsync(handler, calls, cancellationToken);
    }

    private static async Task ServeAsync(IJsonRpcMessageHandler handler, object calls, CancellationToken cancellationToken)
    {
        using var rpc = new JsonRpc(handler, calls);
        rpc.StartListening();
        await rpc.Completion.WaitAsync(cancellationToken);
    }
}
