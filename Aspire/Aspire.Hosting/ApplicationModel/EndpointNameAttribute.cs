namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks a parameter that names an endpoint.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EndpointNameAttribute : Attribute, IModelNameParameter
{
}
