namespace Aspire.Hosting.ApplicationModel;

/// <summary>The SQL that creates a database, in place of a plain CREATE DATABASE.</summary>
internal sealed record PostgresCreationScriptAnnotation(string Script) : IResourceAnnotation;
