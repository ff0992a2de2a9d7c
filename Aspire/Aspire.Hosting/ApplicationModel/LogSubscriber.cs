namespace Aspire.Hosting.ApplicationModel;

/// <summary>Whether anybody reads along in the log of an instance.</summary>
/// <param name="Name">The instance's id.</param>
/// <param name="AnySubscribers">Whether anybody does.</param>
public readonly record struct LogSubscriber(string Name, bool AnySubscribers);
