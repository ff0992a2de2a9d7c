using System.Reflection.Metadata;

namespace Trellis.PublicApi;

/// <summary>The custom attributes of one declaration, looked up by simple name: several are compiled into each assembly.</summary>
internal sealed class Attributes
{
    private readonly Dictionary<string, CustomAttribute> _byName = new(StringComparer.Ordinal);
    private readonly MetadataReader _reader;

    public Attributes(MetadataReader reader, CustomAttributeHandleCollection handles)
    {
        _reader = reader;
        foreach (var handle in handles)
        {
            var attribute = reader.GetCustomAttribute(handle);
            var type = attribute.Constructor.Kind == HandleKind.MemberReference
                ? reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
                : reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
            var name = TypeNames.Of(reader, type).Definition;
            _byName[name[(name.LastIndexOf('.') + 1)..]] = attribute;
        }
    }

    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>What keeps callers from using the declaration without a warning or an error, or the empty string.</summary>
    public string Restriction =>
        _byName.TryGetValue("ExperimentalAttribute", out var experimental) ? $"[Experimental({FirstString(experimental)})]"
        // The compiler marks types with required members or by-reference layout obsolete for older compilers; that restricts nobody.
        : Has("ObsoleteAttribute") && !Has("CompilerFeatureRequiredAttribute") && !Has("IsByRefLikeAttribute") ? "[Obsolete]"
        : "";

    /// <summary>The OverloadResolutionPriority of the declaration; 0 without one.</summary>
    public int Priority => _byName.TryGetValue("OverloadResolutionPriorityAttribute", out var attribute) ? Value(attribute).ReadInt32() : 0;

    private string? FirstString(CustomAttribute attribute) => Value(attribute).ReadSerializedString();

    /// <summary>A reader after the prolog (ECMA-335 II.23.3), at the first constructor argument.</summary>
    private BlobReader Value(CustomAttribute attribute)
    {
        var blob = _reader.GetBlobReader(attribute.Value);
        blob.ReadUInt16();
        return blob;
    }
}
