namespace Aspire.Hosting.ApplicationModel;

/// <summary>The two faces of an icon.</summary>
public enum IconVariant
{
    /// <summary>As lines.</summary>
    Regular = 0,

    /// <summary>Filled.</summary>
    Filled = 1,
}
