namespace Aspire.Hosting.ApplicationModel;

/// <summary>When the dashboard leaves a resource out.</summary>
public enum HiddenBehavior
{
    /// <summary>Always.</summary>
    Always = 0,

    /// <summary>Once it has ended as it should.</summary>
    OnCompletion = 1,
}
