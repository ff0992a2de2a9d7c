namespace Aspire.Hosting;

/// <summary>The image that a published server runs.</summary>
internal static class RedisContainerImageTags
{
    public const string Registry = "docker.io";

    public const string Image = "library/redis";

    public const string Tag = "8.6";
}
