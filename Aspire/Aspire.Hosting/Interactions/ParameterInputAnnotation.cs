using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Interactions;

/// <summary>The author's own field for a parameter.</summary>
internal sealed record ParameterInputAnnotation(Func<ParameterResource, InteractionInput> Create) : IResourceAnnotation;
