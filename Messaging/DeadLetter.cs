namespace Trellis.Messaging;

/// <summary>A message that was set aside.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Type">Its CloudEvents type.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Reason">The exception of the last attempt, with its stack trace.</param>
/// <param name="Headers">The original CloudEvents attributes.</param>
/// <param name="DeadSince">When it was set aside.</param>
/// <param name="Body">The content as it was published.</param>
public sealed record DeadLetter(
    Guid Id, string Type, int Attempts, string Reason, IReadOnlyDictionary<string, string> Headers, DateTimeOffset DeadSince, ReadOnlyMemory<byte> Body);
