namespace Aspire.Hosting;

/// <summary>The image that a published server runs.</summary>
internal static class RabbitMQContainerImageTags
{
    public const string Registry = "docker.io";

    public const string Image = "library/rabbitmq";

    public const string Tag = "4.3";

    public const string ManagementTag = $"{Tag}-management";
}
