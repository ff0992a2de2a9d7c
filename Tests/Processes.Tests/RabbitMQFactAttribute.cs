namespace Trellis.Hosting.Processes.Tests;

/// <summary>A test of an installed rabbitmq-server; skipped, and said so, where there is none.</summary>
internal sealed class RabbitMQFactAttribute : FactAttribute
{
    public const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    public RabbitMQFactAttribute()
    {
        if (!File.Exists(Server))
        {
            Skip = $"{Server} is not there. Install the package rabbitmq-server.";
        }
    }
}
