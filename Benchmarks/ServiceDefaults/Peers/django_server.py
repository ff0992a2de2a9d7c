"""GET and POST of Benchmarks/ServiceDefaults on Django REST Framework."""
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not secret: this server runs on loopback for the length of a measurement",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from rules import product_of, receipt_of  # noqa: E402


class OrderSerializer(serializers.Serializer):
    product = serializers.CharField(min_length=1, max_length=80)
    quantity = serializers.IntegerField(min_value=1, max_value=100)
    currency = serializers.RegexField("^[A-Z]{3}$")
    address = serializers.CharField(min_length=3, max_length=200)
    gift = serializers.BooleanField()


class Products(APIView):
    def get(self, request, id):
        return Response(product_of(id))


class Orders(APIView):
    def post(self, request):
        order = OrderSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        return Response(receipt_of(order.validated_data))


urlpatterns = [path("products/<int:id>", Products.as_view()), path("orders", Orders.as_view())]
app = get_wsgi_application()
