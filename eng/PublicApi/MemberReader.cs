using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;

namespace Trellis.PublicApi;

/// <summary>Reads the members of a type that other assemblies can see.</summary>
internal sealed class MemberReader(MetadataReader reader)
{
    private const string Hidden = "";

    public List<ApiMember> Read(TypeDefinition type, bool isSealed)
    {
        var members = new List<ApiMember>();
        var accessors = new Dictionary<MethodDefinitionHandle, (string Kind, string Name, Attributes Attributes)>();
        foreach (var property in type.GetProperties().Select(reader.GetPropertyDefinition))
        {
            var attributes = new Attributes(reader, property.GetCustomAttributes());
            var name = reader.GetString(property.Name);
            var required = attributes.Has("RequiredMemberAttribute") ? "required " : "";
            accessors[property.GetAccessors().Getter] = ($"{required}get", name, attributes);
            accessors[property.GetAccessors().Setter] = ($"{required}set", name, attributes);
        }

        foreach (var @event in type.GetEvents().Select(reader.GetEventDefinition))
        {
            var attributes = new Attributes(reader, @event.GetCustomAttributes());
            accessors[@event.GetAccessors().Adder] = ("add", reader.GetString(@event.Name), attributes);
            accessors[@event.GetAccessors().Remover] = ("remove", reader.GetString(@event.Name), attributes);
        }

        foreach (var handle in type.GetMethods())
        {
            var method = reader.GetMethodDefinition(handle);
            var access = Access((FieldAttributes)(method.Attributes & MethodAttributes.MemberAccessMask), isSealed);
            if (access != Hidden && !reader.GetString(method.Name).Contains('<', StringComparison.Ordinal))
            {
                members.Add(accessors.TryGetValue(handle, out var accessor)
                    ? Read(method, access, accessor.Kind, accessor.Name, accessor.Attributes)
                    : Read(method, access, "method", reader.GetString(method.Name), owner: null));
            }
        }

        foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
        {
            var access = Access(field.Attributes & FieldAttributes.FieldAccessMask, isSealed);
            if (access != Hidden && !field.Attributes.HasFlag(FieldAttributes.SpecialName))
            {
                members.Add(Read(field, access));
            }
        }

        return members;
    }

    /// <summary>The constraints of type parameters, e.g. <c> where !!0 : class, new()</c>. Nullability constraints are left out.</summary>
    public string Constraints(GenericParameterHandleCollection parameters, string prefix)
    {
        var text = "";
        foreach (var parameter in parameters.Select(reader.GetGenericParameter))
        {
            var flags = parameter.Attributes;
            var parts = new List<string>();
            AddIf(parts, flags.HasFlag(GenericParameterAttributes.Covariant), "out");
            AddIf(parts, flags.HasFlag(GenericParameterAttributes.Contravariant), "in");
            AddIf(parts, flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint), "class");
            AddIf(parts, flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint), "struct");
            AddIf(parts, flags.HasFlag(GenericParameterAttributes.AllowByRefLike), "allows ref struct");
            parts.AddRange(parameter.GetConstraints()
                .Select(constraint => TypeNames.Of(reader, reader.GetGenericParameterConstraint(constraint).Type).Text)
                .Order(StringComparer.Ordinal));
            AddIf(parts, flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint), "new()");
            text += parts.Count == 0 ? "" : $" where {prefix}{parameter.Index} : {string.Join(", ", parts)}";
        }

        return text;
    }

    private static void AddIf(List<string> parts, bool condition, string part)
    {
        if (condition)
        {
            parts.Add(part);
        }
    }

    /// <summary>Methods and fields share the encoding of accessibility (ECMA-335 II.23.1.5 and II.23.1.10).</summary>
    private static string Access(FieldAttributes access, bool isSealed) => access switch
    {
        FieldAttributes.Public => "public",
        FieldAttributes.Family or FieldAttributes.FamORAssem when !isSealed => "protected",
        _ => Hidden,
    };

    private ApiMember Read(MethodDefinition method, string access, string kind, string name, Attributes? owner)
    {
        var attributes = new Attributes(reader, method.GetCustomAttributes());
        var signature = method.DecodeSignature(TypeNames.Instance, genericContext: null);
        var isVirtual = method.Attributes.HasFlag(MethodAttributes.Virtual);
        var isNew = method.Attributes.HasFlag(MethodAttributes.NewSlot);
        var isFinal = method.Attributes.HasFlag(MethodAttributes.Final);
        var isAbstract = method.Attributes.HasFlag(MethodAttributes.Abstract);
        // A method that only implements an interface is virtual, new and final: nobody can override it.
        var dispatch = (isVirtual, isNew, isFinal, isAbstract) switch
        {
            (true, true, _, true) => "abstract ",
            (true, true, false, _) => "virtual ",
            (true, false, true, _) => "sealed override ",
            (true, false, _, true) => "abstract override ",
            (true, false, _, _) => "override ",
            _ => "",
        };
        var @static = method.Attributes.HasFlag(MethodAttributes.Static) ? "static " : "";
        var arity = signature.GenericParameterCount == 0 ? "" : $"``{signature.GenericParameterCount}";
        var priority = Math.Max(attributes.Priority, owner?.Priority ?? 0);
        var restriction = attributes.Restriction is { Length: > 0 } own ? own : owner?.Restriction ?? "";
        var suffix = kind == "method" ? "" : $" {{ {kind} }}";
        return new ApiMember(
            $"{kind.Replace("required ", "", StringComparison.Ordinal)} {name}{arity}({string.Join(", ", signature.ParameterTypes.Select(type => type.Text))})",
            (priority == 0 ? "" : $"[OverloadResolutionPriority({priority})] ")
                + $"{access} {@static}{dispatch}{signature.ReturnType.Text} {name}{arity}({Parameters(method, signature, attributes)}){suffix}"
                + Constraints(method.GetGenericParameters(), "!!"),
            isAbstract,
            isVirtual && !isNew,
            restriction);
    }

    private string Parameters(MethodDefinition method, MethodSignature<ApiType> signature, Attributes attributes)
    {
        var texts = signature.ParameterTypes.Select(type => type.Text).ToArray();
        foreach (var parameter in method.GetParameters().Select(reader.GetParameter).Where(parameter => parameter.SequenceNumber > 0))
        {
            var index = parameter.SequenceNumber - 1;
            var own = new Attributes(reader, parameter.GetCustomAttributes());
            var modifier = (index == 0 && attributes.Has("ExtensionAttribute") ? "this " : "")
                + (own.Has("ParamArrayAttribute") || own.Has("ParamCollectionAttribute") ? "params " : "")
                + (parameter.Attributes.HasFlag(ParameterAttributes.Out) ? "out "
                    : own.Has("IsReadOnlyAttribute") ? "in "
                    : own.Has("RequiresLocationAttribute") ? "ref readonly "
                    : texts[index].EndsWith('&') ? "ref "
                    : "");
            texts[index] = $"{modifier}{texts[index].TrimEnd('&')} {reader.GetString(parameter.Name)}{Default(parameter)}";
        }

        return string.Join(", ", texts);
    }

    private string Default(Parameter parameter) =>
        !parameter.GetDefaultValue().IsNil ? $" = {Constant(parameter.GetDefaultValue())}"
        : parameter.Attributes.HasFlag(ParameterAttributes.Optional) ? " = default"
        : "";

    private ApiMember Read(FieldDefinition field, string access)
    {
        var name = reader.GetString(field.Name);
        var attributes = new Attributes(reader, field.GetCustomAttributes());
        var modifier = field.Attributes.HasFlag(FieldAttributes.Literal) ? "const "
            : (field.Attributes.HasFlag(FieldAttributes.Static) ? "static " : "")
                + (field.Attributes.HasFlag(FieldAttributes.InitOnly) ? "readonly " : "")
                + (attributes.Has("RequiredMemberAttribute") ? "required " : "");
        var value = field.GetDefaultValue().IsNil ? "" : $" = {Constant(field.GetDefaultValue())}";
        return new ApiMember(
            $"field {name}",
            $"{access} {modifier}{field.DecodeSignature(TypeNames.Instance, genericContext: null).Text} {name}{value}",
            IsAbstract: false,
            IsOverride: false,
            attributes.Restriction);
    }

    private string Constant(ConstantHandle handle)
    {
        var constant = reader.GetConstant(handle);
        return reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode) switch
        {
            null => "null",
            string text => $"\"{text}\"",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }
}
