using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The icon that the dashboard shows for the resource.</summary>
/// <param name="iconName">A Fluent UI icon, such as <c>Database</c>.</param>
/// <param name="iconVariant">The icon's face.</param>
[DebuggerDisplay("Type = {GetType().Name,nq}, IconName = {IconName}, IconVariant = {IconVariant}")]
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>A Fluent UI icon.</summary>
    public string IconName { get; } = iconName ?? throw new ArgumentNullException(nameof(iconName));

    /// <summary>The icon's face.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}
