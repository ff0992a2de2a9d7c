namespace Aspire.Hosting.ApplicationModel;

/// <summary>The names of the commands that every process has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts what does not run.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stops what runs.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stops what runs and starts it again.</summary>
    public static readonly string RestartCommand = "restart";
}
