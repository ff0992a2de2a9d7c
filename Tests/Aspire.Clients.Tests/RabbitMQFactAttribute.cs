using Trellis.Tests;

namespace Aspire.Clients.Tests;

/// <summary>A test of an installed rabbitmq-server; skipped, and said so, where there is none.</summary>
internal sealed class RabbitMQFactAttribute : FactAttribute
{
    public RabbitMQFactAttribute() => Skip = RabbitServer.Missing;
}
