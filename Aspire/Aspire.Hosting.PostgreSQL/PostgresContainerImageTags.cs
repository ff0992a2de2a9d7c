namespace Aspire.Hosting;

/// <summary>The image that a published server runs.</summary>
internal static class PostgresContainerImageTags
{
    public const string Registry = "docker.io";

    public const string Image = "library/postgres";

    public const string Tag = "18.3";
}
