namespace Aspire.Hosting.ApplicationModel;

/// <summary>Who is offered a command.</summary>
[Flags]
public enum ResourceCommandVisibility
{
    /// <summary>Nobody; code that knows its name can run it.</summary>
    None = 0,

    /// <summary>Users of the dashboard.</summary>
    UI = 1,

    /// <summary>The aspire CLI and other clients.</summary>
    Api = 2,
}
