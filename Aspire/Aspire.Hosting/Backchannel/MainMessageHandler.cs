using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Aspire.Hosting.Backchannel;

/// <summary>Stops the AppHost after the answer to the request to stop has been written, and not before: the CLI waits for it.</summary>
internal sealed class MainMessageHandler(Stream stream, IJsonRpcMessageFormatter formatter, Action stop) : HeaderDelimitedMessageHandler(stream, formatter)
{
    private bool _answered;

    protected override void Write(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        _answered |= content is JsonRpcResult { Result: Stopping };
        base.Write(content, cancellationToken);
    }

    protected override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await base.FlushAsync(cancellationToken);
        }
        finally
        {
            // Also when the client has not waited for the answer.
            if (_answered)
            {
                stop();
            }
        }
    }
}
