using System.Text.Json.Serialization.Metadata;

namespace Aspire.Hosting.Dcp;

/// <summary>An object of DCP's Kubernetes-style API: a name, a desired state (spec) and an observed state (status).</summary>
/// <typeparam name="TSelf">The kind itself, so that the client finds the kind's plural and serializer at compile time.</typeparam>
internal interface IDcpObject<TSelf> : IDcpNamed
    where TSelf : class, IDcpObject<TSelf>
{
    /// <summary>The last part of the collection's address, for example <c>executables</c>.</summary>
    static abstract string Plural { get; }

    static abstract JsonTypeInfo<TSelf> TypeInfo { get; }

    static abstract JsonTypeInfo<DcpList<TSelf>> ListTypeInfo { get; }
}

/// <summary>An object of DCP's API, whatever its kind.</summary>
internal interface IDcpNamed
{
    DcpMetadata Metadata { get; }
}

/// <summary>What every DCP object carries besides its spec and status.</summary>
internal sealed record DcpMetadata
{
    /// <summary>Unique within the kind; lower-case letters, digits, '-' and '.', as in Kubernetes.</summary>
    public required string Name { get; init; }

    public string? Uid { get; init; }

    /// <summary>Changes with every change of the object; to be compared for equality only.</summary>
    public string? ResourceVersion { get; init; }

    public Dictionary<string, string>? Annotations { get; init; }
}

/// <summary>The answer to a list request.</summary>
internal sealed record DcpList<T>
{
    public IReadOnlyList<T> Items { get; init; } = [];
}

/// <summary>A change that a watch saw.</summary>
/// <param name="Object">The object as it is now, or as it last was when it is deleted.</param>
/// <param name="IsDeleted">True when the object no longer exists.</param>
internal readonly record struct DcpChange<T>(T Object, bool IsDeleted);
