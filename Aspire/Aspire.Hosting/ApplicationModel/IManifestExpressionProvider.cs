namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that the manifest refers to instead of spelling it out.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The reference, such as <c>{catalogdb.connectionString}</c>.</summary>
    string ValueExpression { get; }
}
