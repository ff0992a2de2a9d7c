using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Describes an application: resources and what they have to do with each other.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The AppHost's configuration.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder of the AppHost's project; relative paths start there.</summary>
    string AppHostDirectory { get; }

    /// <summary>The AppHost's assembly.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>The AppHost's environment.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>The AppHost's own services.</summary>
    IServiceCollection Services { get; }

    /// <summary>Where to subscribe to events.</summary>
    IDistributedApplicationEventing Eventing { get; }

    /// <summary>Running or publishing.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The steps of publishing and deploying.</summary>
    [Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
    IDistributedApplicationPipeline Pipeline { get; }

    /// <summary>The resources so far.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="DistributedApplicationException">There is one of that name.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>A builder for a resource that is not to be added.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>The application.</summary>
    DistributedApplication Build();
}
