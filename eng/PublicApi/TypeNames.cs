using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Trellis.PublicApi;

/// <summary>
/// Turns the types of signatures (ECMA-335 II.23.2) into names, so that assemblies can be compared without resolving what they reference.
/// Type parameters are printed by position (<c>!0</c> of the type, <c>!!0</c> of the method): their names mean nothing to a caller.
/// </summary>
internal sealed class TypeNames : ISignatureTypeProvider<ApiType, object?>
{
    public static readonly TypeNames Instance = new();

    public ApiType GetPrimitiveType(PrimitiveTypeCode typeCode) => new(typeCode switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.Byte => "byte",
        PrimitiveTypeCode.Char => "char",
        PrimitiveTypeCode.Double => "double",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.IntPtr => "nint",
        PrimitiveTypeCode.Object => "object",
        PrimitiveTypeCode.SByte => "sbyte",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.String => "string",
        PrimitiveTypeCode.UInt16 => "ushort",
        PrimitiveTypeCode.UInt32 => "uint",
        PrimitiveTypeCode.UInt64 => "ulong",
        PrimitiveTypeCode.UIntPtr => "nuint",
        PrimitiveTypeCode.Void => "void",
        _ => typeCode.ToString(),
    });

    public ApiType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        new(FullName(reader, handle));

    public ApiType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        new(FullName(reader, handle));

    public ApiType GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ApiType GetGenericInstantiation(ApiType genericType, ImmutableArray<ApiType> typeArguments)
    {
        string[] arguments = [.. typeArguments.Select(argument => argument.Text)];
        return genericType.Definition == "System.Nullable`1"
            ? new ApiType(arguments[0] + "?", genericType.Definition, arguments)
            : new ApiType($"{genericType.Definition}<{string.Join(", ", arguments)}>", genericType.Definition, arguments);
    }

    public ApiType GetModifiedType(ApiType modifier, ApiType unmodifiedType, bool isRequired) => modifier.Definition switch
    {
        "System.Runtime.CompilerServices.IsExternalInit" => new ApiType("init"),
        _ => new ApiType($"{unmodifiedType.Text} {(isRequired ? "modreq" : "modopt")}({modifier.Text})"),
    };

    public ApiType GetGenericTypeParameter(object? genericContext, int index) => new($"!{index}");

    public ApiType GetGenericMethodParameter(object? genericContext, int index) => new($"!!{index}");

    public ApiType GetSZArrayType(ApiType elementType) => new(elementType.Text + "[]");

    public ApiType GetArrayType(ApiType elementType, ArrayShape shape) => new($"{elementType.Text}[{new string(',', shape.Rank - 1)}]");

    public ApiType GetByReferenceType(ApiType elementType) => new(elementType.Text + "&");

    public ApiType GetPointerType(ApiType elementType) => new(elementType.Text + "*");

    public ApiType GetPinnedType(ApiType elementType) => elementType;

    public ApiType GetFunctionPointerType(MethodSignature<ApiType> signature) =>
        new($"delegate*<{string.Join(", ", signature.ParameterTypes.Append(signature.ReturnType).Select(type => type.Text))}>");

    /// <summary>The name of any handle that can stand where a type is expected.</summary>
    public static ApiType Of(MetadataReader reader, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => Instance.GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => Instance.GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
        _ => Instance.GetTypeFromSpecification(reader, genericContext: null, (TypeSpecificationHandle)handle, 0),
    };

    public static string FullName(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        return type.IsNested
            ? $"{FullName(reader, type.GetDeclaringType())}+{name}"
            : WithNamespace(reader.GetString(type.Namespace), name);
    }

    private static string FullName(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(reader, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : WithNamespace(reader.GetString(type.Namespace), name);
    }

    private static string WithNamespace(string @namespace, string name) => @namespace.Length == 0 ? name : $"{@namespace}.{name}";
}
