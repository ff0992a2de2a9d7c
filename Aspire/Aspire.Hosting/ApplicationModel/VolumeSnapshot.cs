namespace Aspire.Hosting.ApplicationModel;

/// <summary>One mounted folder of a resource.</summary>
/// <param name="Source">The volume's name or the host's folder.</param>
/// <param name="Target">The folder in the container.</param>
/// <param name="MountType">Volume or bind.</param>
/// <param name="IsReadOnly">Whether the container may only read it.</param>
public sealed record VolumeSnapshot(string? Source, string Target, string MountType, bool IsReadOnly);
