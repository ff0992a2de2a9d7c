namespace Trellis.Messaging;

/// <summary>Who this service is towards others.</summary>
/// <param name="Source">The CloudEvents source.</param>
/// <param name="Group">The consumer group.</param>
internal sealed record MessagingIdentity(string Source, string Group);
