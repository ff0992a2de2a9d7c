using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

// What goes over the socket of the CLI that started the AppHost. The names are the CLI's, and here they begin with capitals.
#pragma warning disable MA0048, SA1402 // One file: these belong together and none has behaviour.

internal sealed record LogEntry(EventId EventId, LogLevel LogLevel, string Message, DateTimeOffset Timestamp, string CategoryName);

internal sealed record ResourceState(string Resource, string Type, string State, string[] Endpoints, string? Health);

internal sealed record StepsRequest(string? Step = null);

internal sealed record StepList(StepMessage[] Steps);

internal sealed record StepMessage(string Name, string? Description, string[] DependsOn, string[] Tags, string? ResourceName);

internal sealed record PromptAnswer(string? Name, string? Value);

/// <summary>The answer to a request to stop; once it is written, the AppHost stops.</summary>
internal sealed record Stopping;
