using System.Text.Json.Serialization;

namespace Aspire.Hosting.Dcp;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DcpService))]
[JsonSerializable(typeof(DcpList<DcpService>))]
[JsonSerializable(typeof(DcpExecutable))]
[JsonSerializable(typeof(DcpList<DcpExecutable>))]
[JsonSerializable(typeof(DcpContainer))]
[JsonSerializable(typeof(DcpList<DcpContainer>))]
[JsonSerializable(typeof(DcpContainerNetwork))]
[JsonSerializable(typeof(DcpList<DcpContainerNetwork>))]
[JsonSerializable(typeof(DcpTunnelProxy))]
[JsonSerializable(typeof(DcpList<DcpTunnelProxy>))]
[JsonSerializable(typeof(DcpTunnelProxyPatch))]
[JsonSerializable(typeof(DcpInfo))]
[JsonSerializable(typeof(IReadOnlyList<DcpServiceProducer>))]
[JsonSerializable(typeof(DcpExecution))]
[JsonSerializable(typeof(DcpExecutablePatch))]
[JsonSerializable(typeof(DcpErrorStatus))]
internal sealed partial class DcpJsonContext : JsonSerializerContext;

/// <summary>The state of DCP itself, at <c>/admin/execution</c>.</summary>
internal sealed record DcpExecution(string Status);

/// <summary>A merge patch of an executable or a container.</summary>
internal sealed record DcpExecutablePatch(DcpExecutablePatchSpec Spec);

internal sealed record DcpExecutablePatchSpec(bool? Start = null, bool? Stop = null);

/// <summary>The body of an error answer, as Kubernetes shapes it.</summary>
internal sealed record DcpErrorStatus(string? Message, string? Reason);
