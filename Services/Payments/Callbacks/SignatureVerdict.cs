namespace Shop.Payments.Callbacks;

/// <summary>What is to be thought of a callback's signature.</summary>
internal enum SignatureVerdict
{
    /// <summary>The provider has signed this body, just now.</summary>
    Genuine,

    /// <summary>There is none, or it is somebody else's.</summary>
    Forged,

    /// <summary>The provider has signed it, but not now: it may have been recorded and sent again.</summary>
    OutOfTime,
}
