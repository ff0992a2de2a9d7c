namespace Aspire.Hosting.ApplicationModel;

/// <summary>A certificate (PEM) that is put into a container before it starts, with the link by its subject's hash that OpenSSL looks for.</summary>
public sealed class ContainerOpenSSLCertificateFile : ContainerFileBase;
