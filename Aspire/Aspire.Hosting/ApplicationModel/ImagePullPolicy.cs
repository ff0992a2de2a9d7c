namespace Aspire.Hosting.ApplicationModel;

/// <summary>When an image is fetched from its registry before a container starts.</summary>
public enum ImagePullPolicy
{
    /// <summary>When the container engine thinks it right, which is when the image is missing.</summary>
    Default = 0,

    /// <summary>At every start.</summary>
    Always = 1,

    /// <summary>When the image is not on this machine.</summary>
    Missing = 2,

    /// <summary>Never: without the image on this machine the start fails.</summary>
    Never = 3,
}
