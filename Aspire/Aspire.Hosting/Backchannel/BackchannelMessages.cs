using System.Text.Json.Nodes;

namespace Aspire.Hosting.Backchannel;

// What goes over the sockets. The names are the CLI's; every collection is always present, because the CLI does not expect null there.
#pragma warning disable MA0048, SA1402 // One file: these belong together and none has behaviour.

internal sealed record ResourcesRequest(string? Filter = null, string[]? ClientCapabilities = null);

internal sealed record ConsoleLogsRequest(string? ResourceName = null, bool Follow = false, string? Search = null, int? Tail = null, bool IncludeHidden = false);

internal sealed record WaitRequest(string ResourceName, string Status, int TimeoutSeconds = 120);

internal sealed record CommandRequest(
    string ResourceName, string CommandName, JsonNode? Arguments = null, bool ValidateOnly = false, bool NonInteractive = true, bool ReturnArgumentInputs = false);

internal sealed record Capabilities(string[] Names)
{
    [System.Text.Json.Serialization.JsonPropertyName("capabilities")]
    public string[] Names { get; init; } = Names;
}

internal sealed record AppHostInformation(string AppHostPath, int ProcessId, int? CliProcessId, DateTimeOffset StartedAt, string? CliLogFilePath);

internal sealed record AppHostInfo(string Pid, string AspireHostVersion, string AppHostPath, int? CliProcessId, DateTimeOffset StartedAt, string? CliLogFilePath);

internal sealed record DashboardUrls(bool DashboardHealthy, string? BaseUrlWithLoginToken, string? CodespacesUrlWithLoginToken = null);

internal sealed record DashboardInfo(string? ApiBaseUrl, string? ApiToken, string[] DashboardUrls, bool IsHealthy);

internal sealed record Readiness(bool IsReady);

internal sealed record Nothing;

internal sealed record ResourceList(IReadOnlyList<ResourceMessage> Resources);

internal sealed record WaitResult(
    bool Success,
    string? State = null,
    string? HealthStatus = null,
    bool ResourceNotFound = false,
    bool TimedOut = false,
    string? ErrorMessage = null);

/// <summary>How a command ended.</summary>
/// <param name="Success">Whether the command did what it was to do.</param>
/// <param name="Canceled">Whether its user called it off.</param>
/// <param name="Message">What is told to the user.</param>
/// <param name="Value">What it produced, which the CLI prints.</param>
internal sealed record CommandResult(bool Success, bool Canceled, string? Message, CommandValue? Value)
{
    public string? ErrorMessage => Message;

    public IReadOnlyList<ArgumentError> ValidationErrors { get; init; } = [];
}

internal sealed record ArgumentError(string ArgumentName, string ErrorMessage);

/// <summary>What a command produced.</summary>
/// <param name="Value">The text.</param>
/// <param name="Format">text, json or markdown.</param>
/// <param name="DisplayImmediately">Whether it is shown without being asked for.</param>
internal sealed record CommandValue(string Value, string Format, bool DisplayImmediately);

internal sealed record LogBatch(IReadOnlyList<LogMessage> Lines);

internal sealed record LogMessage(string ResourceName, int LineNumber, string Content, bool IsError);

internal sealed record ResourceMessage
{
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    public required string ResourceType { get; init; }

    public string Type => ResourceType;

    public string? State { get; init; }

    public string? StateStyle { get; init; }

    public string? HealthStatus { get; init; }

    public int? ExitCode { get; init; }

    public DateTime? CreatedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? StoppedAt { get; init; }

    public required IReadOnlyList<UrlMessage> Urls { get; init; }

    public required IReadOnlyList<RelationshipMessage> Relationships { get; init; }

    public required IReadOnlyList<HealthReportMessage> HealthReports { get; init; }

    public required IReadOnlyList<VolumeMessage> Volumes { get; init; }

    public required IReadOnlyList<EnvironmentMessage> EnvironmentVariables { get; init; }

    public required IReadOnlyDictionary<string, JsonNode?> Properties { get; init; }

    public bool IsHidden { get; init; }

    public required IReadOnlyList<CommandMessage> Commands { get; init; }
}

internal sealed record UrlMessage(string Name, string Url, bool IsInternal, UrlDisplayMessage DisplayProperties);

internal sealed record UrlDisplayMessage(string? DisplayName, int SortOrder);

internal sealed record RelationshipMessage(string ResourceName, string Type);

internal sealed record HealthReportMessage(string Name, string? Status, string? Description, string? ExceptionText);

internal sealed record VolumeMessage(string? Source, string Target, string MountType, bool IsReadOnly);

internal sealed record EnvironmentMessage(string Name, string? Value, bool IsFromSpec);

internal sealed record CommandMessage(string Name, string DisplayName, string? Description, string State)
{
    public IReadOnlyList<ArgumentMessage> ArgumentInputs { get; init; } = [];

    public string Visibility { get; } = "UI, Api";
}

internal sealed record ArgumentMessage(string Name, string? Label, string? Description, bool EnableDescriptionMarkdown, string InputType, bool Required)
{
    public string? Placeholder { get; init; }

    public string? Value { get; init; }

    public Dictionary<string, string?>? Options { get; init; }

    public bool AllowCustomChoice { get; init; }

    public bool Disabled { get; init; }

    public int? MaxLength { get; init; }

    public ArgumentLoading? DynamicLoading { get; init; }

    // What a secret begins with is for the command, not for a terminal.
    public static ArgumentMessage From(InteractionInput input) => new(
        input.Name, input.Label, input.Description, input.EnableDescriptionMarkdown, input.InputType.ToString(), input.Required)
    {
        Placeholder = input.Placeholder,
        Value = input.InputType == Aspire.Hosting.InputType.SecretText ? null : input.Value,
        Options = input.Options?.ToDictionary(option => option.Key, option => (string?)option.Value, StringComparer.Ordinal),
        AllowCustomChoice = input.AllowCustomChoice,
        Disabled = input.Disabled,
        MaxLength = input.MaxLength,
        DynamicLoading = input.DynamicLoading is { } loading ? new ArgumentLoading(loading.AlwaysLoadOnStart, loading.DependsOnInputs?.ToArray()) : null,
    };
}

internal sealed record ArgumentLoading(bool AlwaysLoadOnStart, string[]? DependsOnInputs);
