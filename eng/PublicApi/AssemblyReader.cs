using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Trellis.PublicApi;

/// <summary>Reads what other assemblies can see of one assembly, without loading it or anything it references.</summary>
internal sealed class AssemblyReader
{
    private readonly MetadataReader _reader;
    private readonly string _assembly;
    private readonly MemberReader _members;

    private AssemblyReader(MetadataReader reader)
    {
        _reader = reader;
        _assembly = reader.GetString(reader.GetAssemblyDefinition().Name);
        _members = new MemberReader(reader);
    }

    /// <summary>The visible types of the assembly.</summary>
    /// <param name="path">The assembly's file.</param>
    /// <exception cref="InvalidDataException">The file is not a .NET assembly.</exception>
    public static IReadOnlyList<ApiTypeDeclaration> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        try
        {
            return new AssemblyReader(file.GetMetadataReader()).Read();
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is not a .NET assembly: {exception.Message}", exception);
        }
    }

    private List<ApiTypeDeclaration> Read() =>
        [.. _reader.TypeDefinitions.Where(IsVisible).Select(handle => Read(handle, _reader.GetTypeDefinition(handle)))];

    /// <summary>Whether other assemblies can name the type. Names with an angle bracket are the compiler's (extension blocks).</summary>
    private bool IsVisible(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        return !_reader.GetString(type.Name).Contains('<', StringComparison.Ordinal)
            && (type.Attributes & TypeAttributes.VisibilityMask) switch
            {
                TypeAttributes.Public => true,
                TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(type.GetDeclaringType()),
                _ => false,
            };
    }

    private ApiTypeDeclaration Read(TypeDefinitionHandle handle, TypeDefinition type)
    {
        var isInterface = type.Attributes.HasFlag(TypeAttributes.Interface);
        var isSealed = type.Attributes.HasFlag(TypeAttributes.Sealed);
        var isAbstract = type.Attributes.HasFlag(TypeAttributes.Abstract);
        var @base = type.BaseType.IsNil ? null : TypeNames.Of(_reader, type.BaseType);
        var attributes = new Attributes(_reader, type.GetCustomAttributes());
        var members = _members.Read(type, isSealed);
        var kind = (isInterface, @base?.Definition) switch
        {
            (true, _) => "interface",
            (_, "System.Enum") => "enum",
            (_, "System.ValueType") => (attributes.Has("IsReadOnlyAttribute") ? "readonly " : "") + (attributes.Has("IsByRefLikeAttribute") ? "ref struct" : "struct"),
            (_, "System.MulticastDelegate") => "delegate",
            _ when isAbstract && isSealed => "static class",
            _ when isAbstract => "abstract class",
            _ when isSealed => "sealed class",
            _ => "class",
        };
        return new ApiTypeDeclaration(
            _assembly,
            TypeNames.FullName(_reader, handle),
            $"{kind}{(@base is null ? "" : $" : {@base.Text}")}{_members.Constraints(type.GetGenericParameters(), "!")}",
            @base,
            VisibleInterfaces(type),
            isInterface,
            isInterface || (isAbstract && !isSealed && members.Any(member => member.Identity.StartsWith("method .ctor", StringComparison.Ordinal))),
            attributes.Restriction,
            members);
    }

    private List<ApiType> VisibleInterfaces(TypeDefinition type)
    {
        var interfaces = new List<ApiType>();
        foreach (var handle in type.GetInterfaceImplementations())
        {
            var @interface = _reader.GetInterfaceImplementation(handle).Interface;
            if (@interface.Kind != HandleKind.TypeDefinition || IsVisible((TypeDefinitionHandle)@interface))
            {
                interfaces.Add(TypeNames.Of(_reader, @interface));
            }
        }

        return interfaces;
    }
}
