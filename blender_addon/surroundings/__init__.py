"""What lies around the stadium: city, roads, river, trees and hills."""
