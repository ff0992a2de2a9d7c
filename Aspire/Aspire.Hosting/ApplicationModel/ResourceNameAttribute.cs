namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks a parameter that names a resource.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ResourceNameAttribute : Attribute, IModelNameParameter
{
}
