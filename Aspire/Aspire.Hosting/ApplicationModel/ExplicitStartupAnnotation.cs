namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource does not start with the application, but when somebody asks for it.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;
