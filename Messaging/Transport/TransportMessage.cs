namespace Trellis.Messaging.Transport;

/// <summary>A message as transports see it: CloudEvents attributes and a body.</summary>
/// <param name="Id">The publisher's id.</param>
/// <param name="Type">Decides which groups get it.</param>
/// <param name="PartitionKey">Within it, order is kept.</param>
/// <param name="Headers">All CloudEvents attributes by their names; a transport adds the prefix of its protocol binding.</param>
/// <param name="Body">The content.</param>
internal sealed record TransportMessage(
    Guid Id,
    string Type,
    string? PartitionKey,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body);
