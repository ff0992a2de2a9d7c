namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>What it is made of: resources and further values.</summary>
    IEnumerable<object> References { get; }
}
